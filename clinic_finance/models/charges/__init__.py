from . import clinic_charge
from . import clinic_charge_correction
from . import clinic_charge_log
from . import clinic_charge_fee
from . import clinic_charge_analytic
from . import clinic_charge_package
from . import clinic_appointment
from . import clinic_appointment_series
