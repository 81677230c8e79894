from . import test_booking
from . import test_constraints
from . import test_messages
from . import test_parallel
from . import test_search
from . import test_shifts
from . import test_tools
