from . import test_access_log
from . import test_encrypted_fields
from . import test_keyring
from . import test_medical_roles
from . import test_patient
from . import test_patient_search
from . import test_tools
