from . import payment_provider
from . import payment_transaction
from . import payment_transaction_answer
from . import payment_transaction_cron
from . import payment_yookassa_case
from . import payment_yookassa_notice
