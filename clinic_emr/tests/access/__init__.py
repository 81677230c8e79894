from . import test_companies
from . import test_record_scope
from . import test_wall
