from . import clinic_estimate
from . import clinic_estimate_line
