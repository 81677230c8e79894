from . import test_hostile_text
from . import test_page_setup
from . import test_report_pdf
