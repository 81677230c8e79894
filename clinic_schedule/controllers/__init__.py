from . import sms_report
from . import visit_link
from . import hall
