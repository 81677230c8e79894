from . import test_matching
from . import test_matching_parallel
from . import test_reconciliation_access
