from . import clinic_mail_gateway
from . import clinic_sms_account
from . import res_company
