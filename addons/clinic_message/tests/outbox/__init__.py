from . import test_messages
from . import test_purposes
from . import test_quiet
from . import test_unsent
