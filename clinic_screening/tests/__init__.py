from . import test_matching
from . import test_screening
from . import test_wall
