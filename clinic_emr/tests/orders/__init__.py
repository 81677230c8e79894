from . import test_prescription
from . import test_referral
from . import test_treatment_plan
