from . import test_website_forms
from . import test_website_scripts
