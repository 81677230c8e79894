from . import test_morbidity
from . import test_patient_record
from . import test_timeline
from . import test_personal_data
