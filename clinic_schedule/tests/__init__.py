from . import test_booking
from . import test_constraints
from . import test_search
from . import test_tools
