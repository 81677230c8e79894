from . import clinic_package
from . import clinic_share_earned
from . import clinic_share_rule
from . import clinic_share_tier
from . import clinic_visit_profile
from . import product_template
from . import clinic_list_services
