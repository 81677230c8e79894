from . import clinic_booking_request
from . import clinic_waiting_list
from . import clinic_shift
