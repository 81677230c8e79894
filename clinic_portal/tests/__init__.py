from . import test_booking_form
from . import test_booking_page
from . import test_portal
from . import test_portal_answer
from . import test_stranger
from . import test_site_flood
from . import test_site_race
