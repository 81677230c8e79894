from . import clinic_own_patient_mixin
from . import clinic_record_policy
from . import clinic_emergency_access
