from . import clinic_calendar_address
