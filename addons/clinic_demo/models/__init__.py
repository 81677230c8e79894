from . import clinic_demo_login
from . import clinic_mail_gateway
from . import clinic_sms_account
