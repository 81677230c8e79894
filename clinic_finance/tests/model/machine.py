"""Random events of a clinic that takes money, done to the product and to its model.

Refusals are answers: what the product refuses does not happen to the model either.
Events are drawn by weight and from everything that there is, not by Hypothesis itself,
whose short runs keep to a few rules and the first of everything.
"""

from __future__ import annotations

import logging
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import rule

from .books import Books
from .corrections import Corrections
from .payments import Payments
from .prices import Prices

_logger = logging.getLogger(__name__)


class Till(Prices, Payments, Corrections, Books):
    """A clinic in which one of these events happens after the other."""

    # How often each event is tried, against the others.
    weights = {
        "book": 8,
        "render": 6,
        "cancel": 2,
        "night": 3,
        "miss": 1,
        "find_not_missed": 1,
        "waive": 1,
        "move": 2,
        "change_source": 2,
        "revise_prices": 1,
        "correct_price": 1,
        "pay_for_visit": 5,
        "pay_for_several": 2,
        "meet_again": 1,
        "pay_the_account": 2,
        "register_payment": 2,
        "undo_match": 2,
        "match_again": 1,
        "leave_as_credit": 2,
        "give_back": 2,
        "credit_note": 1,
        "press_what_is_refused": 1,
    }

    @rule(chance=st.randoms(use_true_random=True))
    def something_happens(self, chance):
        # Other histories for another number of the whole run.
        chance = Random(f"{self.number} {chance.random()}")
        [name] = chance.choices([*self.weights], [*self.weights.values()])
        _logger.info("%s: %s", self.today, name)
        getattr(self, name)(chance)
