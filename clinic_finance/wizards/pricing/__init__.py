from . import clinic_profile_open
from . import clinic_profile_revise
