from . import test_patient
from . import test_patient_merge
from . import test_patient_payer
from . import test_patient_search
from . import test_relation_age
from . import test_identity_tools
from . import test_consent
from . import test_personal_data
