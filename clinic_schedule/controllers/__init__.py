from . import calendar_feed
from . import sms_report
from . import video
from . import visit_link
from . import hall
