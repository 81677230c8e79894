from . import test_aero
