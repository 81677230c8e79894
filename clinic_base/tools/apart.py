"""One bad record of many stops no other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


@dataclass
class Attempt:
    """Whether what was tried has failed, hence left nothing behind."""

    failed: bool = False


@contextmanager
def apart(records: Any) -> Iterator[Attempt]:
    """Around what a job does to some of many records: what fails is undone and logged.

    The log has the model and the numbers; a refusal by its class alone, anything else
    with its trace. What another transaction is changing just now is one of these: the
    next run of the job meets it again.
    """
    attempt = Attempt()
    try:
        with records.env.cr.savepoint():
            yield attempt
    except Exception as error:
        attempt.failed = True
        _logger.warning(
            "%s %s: %s",
            records._name,
            records.ids,
            type(error).__name__,
            exc_info=not isinstance(error, UserError),
        )
