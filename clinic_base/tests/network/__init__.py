from . import test_companies
from . import test_contacts
from . import test_settings
