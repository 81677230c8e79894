from . import clinic_receipt
from . import payment_provider
from . import payment_transaction
