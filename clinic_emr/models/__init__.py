from . import access
from . import terms
from . import record
from . import orders
from . import card
