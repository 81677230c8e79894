from . import test_invoicing
from . import test_online_payment
from . import test_paid
from . import test_payment_link
from . import test_prepayment
from . import test_prepayment_parallel
from . import test_statement
from . import test_transaction_by_hand
