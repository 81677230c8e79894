from . import test_patient_import
from . import test_patient_import_files
