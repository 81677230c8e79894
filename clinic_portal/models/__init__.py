from . import clinic_appointment
from . import clinic_appointment_site
from . import clinic_patient
from . import clinic_specialist
from . import website
