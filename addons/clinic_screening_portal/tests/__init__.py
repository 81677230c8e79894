from . import test_screening_portal
