from . import clinic_list_visits
from . import clinic_visit_import
from . import clinic_file_loader
