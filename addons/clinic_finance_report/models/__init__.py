from . import report_trial_balance
