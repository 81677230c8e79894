from . import clinic_session_places
