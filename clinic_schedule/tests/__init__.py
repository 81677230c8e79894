from .settings import (
    test_settings,
)
from .roster import (
    test_years,
    test_shifts,
)
from .engine import (
    test_access,
    test_api,
    test_api_rights,
    test_booking,
    test_clock,
    test_companies,
    test_constraints,
    test_patience,
    test_crash,
    test_oracle,
    test_parallel,
    test_search,
    test_services,
    test_states,
    test_tools,
)
from .series import (
    test_series,
)
from .sessions import (
    test_sessions,
)
from .requests import (
    test_waiting,
)
from .telling import (
    test_reminders,
    test_tell,
    test_visit_link,
)
from .desk import (
    test_arrival,
    test_board,
    test_board_shared,
    test_day,
    test_hall,
    test_tours,
)
from .messages import (
    test_messages,
    test_quiet,
    test_replies,
    test_replies_parallel,
)
