from . import clinic_specialist_tell
from . import clinic_appointment_message
from . import clinic_appointment_reminder
from . import clinic_appointment_tell
from . import clinic_specialist_notice
from . import clinic_visit_link
from . import clinic_appointment_links
from . import clinic_request_reminder
