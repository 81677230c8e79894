from .desk import (
    test_arrival,
    test_board,
    test_board_shared,
    test_day,
    test_hall,
    test_tours,
)
from .engine import (
    test_access,
    test_age_and_self,
    test_api,
    test_api_rights,
    test_booking,
    test_clock,
    test_companies,
    test_constraints,
    test_crash,
    test_oracle,
    test_parallel,
    test_patience,
    test_search,
    test_services,
    test_states,
    test_tools,
)
from .requests import (
    test_life_events,
    test_waiting,
)
from .roster import (
    test_shift_list,
    test_shifts,
    test_years,
)
from .series import (
    test_series,
)
from .sessions import (
    test_sessions,
)
from .settings import (
    test_settings,
)
from .telling import (
    test_reminders,
    test_replies_parallel,
    test_tell,
    test_visit_link,
    test_visit_messages,
    test_visit_replies,
)
