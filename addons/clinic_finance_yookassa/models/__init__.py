from . import clinic_receipt
from . import payment_provider
from . import payment_transaction
from . import payment_yookassa_case
