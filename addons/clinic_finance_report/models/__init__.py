from . import report_trial_balance
from . import trial_balance_xlsx
