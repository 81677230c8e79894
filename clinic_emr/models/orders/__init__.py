from . import clinic_requested_item_mixin
from . import clinic_prescription
from . import clinic_referral
from . import clinic_order
from . import clinic_treatment_plan
from . import clinic_treatment_stage
