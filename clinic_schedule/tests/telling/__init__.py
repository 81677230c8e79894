from . import test_reminders
from . import test_tell
from . import test_visit_link
