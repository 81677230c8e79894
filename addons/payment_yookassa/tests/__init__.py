from . import test_case
from . import test_faults
from . import test_flow
from . import test_notices
from . import test_sdk
from . import test_webhook
