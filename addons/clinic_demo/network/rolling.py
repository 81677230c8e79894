"""Days of the network, one after the other: the first six weeks and all later ones."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from odoo import fields

from .founding import found
from .invariants import find_faults
from .parts import find_parts
from .world import Scale, Span, World

DAY = timedelta(days=1)
LIVED = "clinic_demo.lived_until"
LANGUAGE = "clinic_demo.language"
SCALE = "clinic_demo.scale"
SHORTEST = 0.5  # seconds that are told


class Network:
    """Plans the network once, and lives it up to the present as often as one likes.

    :param env: of the superuser
    :param now: naive UTC; the present by default
    """

    def __init__(self, env: Any, world: World) -> None:
        self.env = env
        self.world = world
        self.parts = find_parts(env)
        self._seconds: Counter[str] = Counter()

    @classmethod
    def new(
        cls, env: Any, lang: str, scale: Scale, now: datetime | None = None
    ) -> Network:
        """The network before anything of it is there."""
        parameters = env["ir.config_parameter"]
        parameters.set_param(LANGUAGE, lang)
        parameters.set_param(SCALE, scale.dump())
        return cls(env, World(env, lang, scale, now))

    @classmethod
    def open(cls, env: Any, now: datetime | None = None) -> Network | None:
        """The network that is there already; None if there is none."""
        parameters = env["ir.config_parameter"]
        lang, scale = parameters.get_param(LANGUAGE), parameters.get_param(SCALE)
        if not (lang and scale):
            return None
        return cls(env, World(env, lang, Scale.load(scale), now))

    def plan(self) -> None:
        """What there is before anybody comes."""
        world = self.world
        started = world.now - world.scale.days_back * DAY
        first = datetime.combine(started.date(), time.min)
        with world.clock.hold(), world.at(first):
            found(world)
            for name, part in self.parts:
                if hasattr(part, "plan"):
                    world.tell("plan %s", name)
                    with self._measured(f"plan {name}"):
                        part.plan(world)
                        self.env.flush_all()
        self._note(first)

    def live(self) -> int:
        """All that has not happened yet up to the present; returns the days it was.

        :raises ValueError: something of it breaks a rule of the suite
        """
        spans = list(self._get_spans())
        with self.world.clock.hold():
            for number, span in enumerate(spans, start=1):
                self.world.tell("day %s of %s", number, len(spans))
                for name, part in self.parts:
                    if hasattr(part, "live"):
                        with self._measured(f"live {name}"):
                            part.live(self.world, span)
                            self.env.flush_all()
                self._note(span.stop)
                # Records of days that are over are read no more.
                self.env.invalidate_all()
        with self._measured("invariants"):
            faults = find_faults(self.env, self.world.now)
        if faults:
            raise ValueError("The demonstration is wrong: " + "; ".join(faults))
        return len(spans)

    @contextmanager
    def _measured(self, what: str) -> Iterator[None]:
        """Count the seconds that pass meanwhile; the clocks of Python stand still."""
        started = os.times().elapsed
        yield
        self._seconds[what] += os.times().elapsed - started

    def describe_seconds(self) -> list[str]:
        """Where the time went, the longest first; what took less than half a second is
        left out."""
        return [
            f"{seconds:7.1f} s  {what}"
            for what, seconds in self._seconds.most_common()
            if seconds >= SHORTEST
        ]

    def _get_spans(self) -> Iterator[Span]:
        lived = self.env["ir.config_parameter"].get_param(LIVED)
        start, end = fields.Datetime.to_datetime(lived), self.world.now
        while start < end:
            midnight = datetime.combine(start.date(), time.min) + DAY
            stop = min(midnight, end)
            yield Span(start, stop, stop == end)
            start = stop

    def _note(self, moment: datetime) -> None:
        self.env["ir.config_parameter"].set_param(
            LIVED, fields.Datetime.to_string(moment)
        )
