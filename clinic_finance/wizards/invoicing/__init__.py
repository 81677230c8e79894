from . import account_payment_register
from . import clinic_statement
from . import clinic_statement_line
