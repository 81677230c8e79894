from . import test_outbox_crash
from . import test_smsc
