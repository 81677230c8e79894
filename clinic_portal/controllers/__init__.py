from . import site
from . import booking
from . import portal
