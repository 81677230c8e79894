from . import test_arrival
from . import test_board
from . import test_board_shared
from . import test_day
from . import test_hall
from . import test_tours
