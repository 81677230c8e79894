from . import test_shifts
from . import test_years
