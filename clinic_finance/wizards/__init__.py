from . import account_payment_register
from . import clinic_match_undo
from . import clinic_statement
from . import clinic_statement_line
from . import clinic_decision_override
from . import clinic_decision_trial
from . import clinic_financial_block_pass
from . import clinic_score_upload
