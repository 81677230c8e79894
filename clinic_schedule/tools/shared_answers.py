"""Answers that several users would get alike, made once for all of them."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from copy import deepcopy
from threading import Lock
from typing import Any

# What is not announced (a hold that runs out, a name) is no older than that.
SECONDS = 2.0
MOST = 200


class SharedAnswers:
    """The last answers of this process, each for what decides on its contents.

    An answer is a dict whose ``version`` is greater than the number of every
    announcement that it holds. ::

        shared = SharedAnswers()
        answer = shared.take(key, announced)
        if answer is None:
            answer = shared.keep(key, read())
    """

    def __init__(self, seconds: float = SECONDS, most: int = MOST) -> None:
        self.seconds = seconds
        self.most = most
        self._answers: OrderedDict[Hashable, tuple[float, dict[str, Any]]]
        self._answers = OrderedDict()
        # A server without workers answers in several threads.
        self._lock = Lock()

    def take(self, key: Hashable, announced: int) -> dict[str, Any] | None:
        """A copy of the answer for ``key`` that holds what was ``announced``."""
        with self._lock:
            made, answer = self._answers.get(key, (0.0, None))
            if (
                answer is None
                or answer["version"] <= announced
                or time.monotonic() - made > self.seconds
            ):
                return None
            return deepcopy(answer)

    def keep(self, key: Hashable, answer: dict[str, Any]) -> dict[str, Any]:
        """Keep a copy of ``answer``, give up the oldest one; returns ``answer``."""
        with self._lock:
            self._answers.pop(key, None)
            self._answers[key] = (time.monotonic(), deepcopy(answer))
            while len(self._answers) > self.most:
                self._answers.popitem(last=False)
        return answer
