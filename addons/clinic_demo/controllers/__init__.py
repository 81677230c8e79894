from . import phones
