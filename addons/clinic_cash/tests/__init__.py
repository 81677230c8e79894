from . import test_cash_accounts
from . import test_cash_code
from . import test_cash_credit
from . import test_cash_parallel
from . import test_cash_sale
from . import test_cash_shift
from . import test_till
