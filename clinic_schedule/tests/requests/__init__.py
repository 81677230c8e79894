from . import test_waiting
