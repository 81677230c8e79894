from . import test_shifts
