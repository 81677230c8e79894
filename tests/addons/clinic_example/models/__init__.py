from . import clinic_specialist
from . import product_template
from . import clinic_occupancy
from . import clinic_appointment
from . import clinic_message_purpose_mixin
from . import clinic_dental_chart
from . import clinic_medical_card
