"""Says what is being done and how long it took, downloads apart from work."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO


@dataclass(frozen=True)
class Step:
    what: str
    seconds: float
    download: bool


class Progress:
    """Prints each step as it runs and keeps the time it took."""

    def __init__(self, output: TextIO = sys.stdout) -> None:
        self.steps: list[Step] = []
        self._output = output
        self._lively = output.isatty()

    def say(self, text: str) -> None:
        print(text, file=self._output, flush=True)

    def detail(self, text: str) -> None:
        """Show what a long step is at; a terminal only, a log needs no ticker."""
        if self._lively:
            self._tick(f"\r\033[K    {text[:74]}")

    @contextmanager
    def step(self, what: str, *, download: bool = False) -> Iterator[None]:
        self.say(f"==> {what}")
        started = time.monotonic()
        try:
            yield
        finally:
            if self._lively:
                self._tick("\r\033[K")
        seconds = time.monotonic() - started
        self.steps.append(Step(what, seconds, download))
        self.say(f"    done in {seconds:.1f} s" + (" (download)" if download else ""))

    def total(self, *, download: bool) -> float:
        return sum(step.seconds for step in self.steps if step.download is download)

    def summary(self) -> None:
        """Print the time of each step; silent when everything was done before."""
        if not self.steps:
            return
        self.say("")
        for step in self.steps:
            mark = " (download)" if step.download else ""
            self.say(f"  {step.seconds:7.1f} s  {step.what}{mark}")
        self.say(f"  {self.total(download=False):7.1f} s  work in all")
        self.say(f"  {self.total(download=True):7.1f} s  downloads in all")

    def _tick(self, text: str) -> None:
        print(text, end="", file=self._output, flush=True)

    def save(self, path: Path) -> None:
        """Leave the times for ``./clinic bench`` to read."""
        path.write_text(json.dumps([asdict(step) for step in self.steps], indent=1))
