from . import clinic_charge_correct
from . import clinic_charge_waive
