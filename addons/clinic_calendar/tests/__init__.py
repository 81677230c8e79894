from . import test_calendar
from . import test_calendar_parallel
from . import test_feed
