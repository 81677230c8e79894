from . import general_ledger
from . import trial_balance
