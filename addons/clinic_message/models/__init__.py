from . import settings
from . import outbox
from . import gateways
from . import replies
