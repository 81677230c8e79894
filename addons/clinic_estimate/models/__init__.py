from . import clinic_estimate
from . import clinic_estimate_acceptance
from . import clinic_estimate_line
