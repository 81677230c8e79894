from . import clinic_patient_alert
from . import clinic_patient_problem
from . import clinic_medical_card
from . import clinic_medical_timeline
from . import clinic_patient
from . import clinic_morbidity
from . import clinic_record_copy
from . import clinic_emergency_access
