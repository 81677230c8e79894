from . import clinic_file_loader
from . import clinic_patient_import
from . import clinic_patient_import_part
from . import clinic_patient_import_upload
from . import clinic_patient_import_reject
