from .outbox import (
    test_messages,
    test_purposes,
    test_quiet,
    test_unsent,
)
from .replies import (
    test_replies,
)
from .settings import (
    test_night,
)
