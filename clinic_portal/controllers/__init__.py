from . import booking
from . import portal
from . import site
