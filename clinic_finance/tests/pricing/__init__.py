from . import test_packages
from . import test_pricing
from . import test_profiles
from . import test_profiles_open
from . import test_profiles_parallel
from . import test_shares
