from . import walls
from . import network
from . import specialists
from . import patients
from . import imports
