from . import clinic_coming_import
from . import clinic_list_import
