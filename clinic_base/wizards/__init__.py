from . import base_import_import
from . import base_partner_merge
from . import clinic_archive_wizard
from . import clinic_medical_role
from . import clinic_quiet_end
from . import clinic_patient_compare
from . import clinic_patient_death
from . import privacy_lookup_wizard
