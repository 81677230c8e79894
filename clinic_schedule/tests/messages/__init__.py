from . import test_messages
from . import test_quiet
from . import test_replies
from . import test_replies_parallel
