from . import test_shifts
from . import test_years
from . import test_shift_list
