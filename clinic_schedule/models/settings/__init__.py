from . import clinic_schedule_settings
from . import res_config_settings
from . import clinic_branch_settings
from . import res_company
