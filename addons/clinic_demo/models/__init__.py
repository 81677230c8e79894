from . import clinic_demo_letter
from . import clinic_demo_login
from . import clinic_mail_gateway
from . import clinic_sms_account
from . import ir_mail_server
