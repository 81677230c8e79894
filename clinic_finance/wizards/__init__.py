from . import pricing
from . import charges
from . import invoicing
from . import matching
