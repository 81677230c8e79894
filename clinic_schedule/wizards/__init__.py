from . import clinic_coming_import
from . import clinic_calendar_address
from . import clinic_session_places
