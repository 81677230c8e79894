from . import clinic_calendar_address
from . import clinic_session_places
