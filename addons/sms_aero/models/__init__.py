from . import clinic_sms_account
