from . import test_reminders
from . import test_replies_parallel
from . import test_tell
from . import test_visit_link
from . import test_visit_messages
from . import test_visit_replies
