from . import clinic_cash_count
from . import clinic_cash_count_line
from . import clinic_cash_transfer
