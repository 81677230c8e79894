from . import clinic_decision_override
from . import clinic_decision_trial
from . import clinic_financial_block_pass
from . import clinic_score_upload
