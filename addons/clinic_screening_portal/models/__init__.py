from . import clinic_appointment
from . import website
