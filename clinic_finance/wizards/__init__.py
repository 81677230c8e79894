from . import account_payment_register
from . import clinic_cash_count
from . import clinic_cash_count_line
from . import clinic_cash_transfer
from . import clinic_match_undo
from . import clinic_statement
from . import clinic_statement_line
