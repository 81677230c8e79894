from . import settings
from . import roster
from . import engine
from . import series
from . import sessions
from . import requests
from . import telling
from . import desk
