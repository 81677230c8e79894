from . import test_charge
from . import test_invoicing
from . import test_matching
from . import test_payment_link
from . import test_pricing
from . import test_receipts
from . import test_refund
from . import test_statement
