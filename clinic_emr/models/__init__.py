from . import clinic_icd10
from . import clinic_encounter
from . import clinic_encounter_signing
from . import clinic_encounter_amendment
from . import clinic_diagnosis
from . import clinic_appointment
