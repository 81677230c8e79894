from . import clinic_message_reply
from . import clinic_message_reply_reading
from . import clinic_patient
