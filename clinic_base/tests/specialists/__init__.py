from . import test_specialist
