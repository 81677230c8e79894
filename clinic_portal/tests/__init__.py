from . import test_booking_form
from . import test_booking_page
from . import test_portal
from . import test_portal_answer
