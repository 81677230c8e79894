from . import test_waiting
from . import test_life_events
