"""Random events leave the product's money where a model in plain Python says.

A few short runs every day; ``CLINIC_MONEY_EXAMPLES`` and ``CLINIC_MONEY_STEPS`` set how
many and how long, ``CLINIC_MONEY_NUMBER`` which. ``./clinic bench finance`` runs it for
longer (F6).
"""

import logging
import os
from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .common import MoneyCommon
from .machine import Till

_logger = logging.getLogger(__name__)

EXAMPLES = int(os.environ.get("CLINIC_MONEY_EXAMPLES", "4"))
STEPS = int(os.environ.get("CLINIC_MONEY_STEPS", "25"))
NUMBER = os.environ.get("CLINIC_MONEY_NUMBER", "0")


@tagged("-at_install", "post_install")
class TestMoneyStates(MoneyCommon):
    def test_no_sequence_of_events_parts_the_books_from_the_model(self):
        events = Counter()
        lent = {"test": self, "events": events, "number": NUMBER}
        machine = type("Machine", (Till,), lent)
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    # The log names the events; finding fewer takes longer than to
                    # read it.
                    phases=[Phase.generate],
                    derandomize=True,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            done = sum(events.values())
            _logger.info("Money: %s events, %s", done, dict(events))
