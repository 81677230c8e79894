from . import account_payment_register
from . import clinic_charge_waive
from . import clinic_match_undo
from . import clinic_statement
from . import clinic_statement_line
from . import clinic_profile_revise
