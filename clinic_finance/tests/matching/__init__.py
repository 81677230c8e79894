from . import test_matching
from . import test_matching_parallel
