from . import test_link
from . import test_receipts
from . import test_refund
