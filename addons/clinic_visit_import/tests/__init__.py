from . import test_coming_import
from . import test_visit_import
