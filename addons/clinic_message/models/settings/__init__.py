from . import res_company
from . import res_config_settings
from . import clinic_branch
