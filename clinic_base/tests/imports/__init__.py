from . import test_patient_import
from . import test_patient_import_files
from . import test_hostile_rows
from . import test_list_import
