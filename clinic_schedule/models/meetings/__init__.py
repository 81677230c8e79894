from . import clinic_specialist_feed
from . import clinic_calendar_feed
from . import clinic_shift
from . import calendar_event
from . import calendar_attendee
from . import clinic_meeting
from . import clinic_calendar_block
from . import hr_leave
