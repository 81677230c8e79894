from . import test_website_scripts
