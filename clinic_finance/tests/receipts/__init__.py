from . import test_receipts
from . import test_receipts_credit
from . import test_refund
from . import test_vat
from . import test_receipts_restored
from . import test_receipts_told
from . import test_personal_data
