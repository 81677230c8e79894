from . import clinic_appointment_series
from . import clinic_appointment_standing
from . import clinic_appointment_clash
