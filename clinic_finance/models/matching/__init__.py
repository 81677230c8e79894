from . import account_payment
from . import clinic_match
from . import clinic_match_run
from . import clinic_patient_merge
