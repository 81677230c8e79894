from . import test_patient_import
