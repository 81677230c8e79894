from . import clinic_session
from . import clinic_session_occupancy
from . import clinic_session_booking
from . import clinic_appointment_seat
