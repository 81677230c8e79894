from . import test_analytic
from . import test_charge
from . import test_charge_correction
from . import test_fees
from . import test_money_by_hand
from . import test_payer_days
from . import test_payer_follow
