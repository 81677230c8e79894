from . import account_tax
from . import account_move_waiting
from . import clinic_charge_receipt
from . import clinic_receipt
from . import clinic_receipt_credit
from . import clinic_receipt_line
from . import clinic_receipt_told
from . import clinic_refund
