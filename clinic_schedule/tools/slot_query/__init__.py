"""The one SQL statement behind search and booking.

How it works
------------
A visit that starts at ``t`` needs its specialist, a room, perhaps a device, for
``[t - before, t + minutes + after)`` and its patient for ``[t, t + minutes)``. Each of
these is turned into the set of starts at which it fits (*fit first*), and only then
are the sets joined: ``specialist AND (some room) AND (some device) AND patient AND
wish``. Because all of them speak about the same ``t``, rooms can be united once per
group of interchangeable rooms instead of once per specialist and room, so the cost
grows with specialists *plus* rooms.

Moments are whole minutes, which makes the closed set of starts ``[a, b]`` the range
``[a, b + 1 min)``. All moments are naive UTC.

Steps (common table expressions)
--------------------------------
own      the patient, where a specialist is one: nobody receives oneself, or is treated
         while receiving
offer    who may give which service to this patient, how long, on which days, at which
         of the patient's ages (``p_age_days`` are the first days of being 0, 1, … years
         old, by the country's law; a start counts by its day in the branch's zone)
part     working time of an offer in one room (or any room) of a branch
house    rooms that may serve a part
busy     taken time per resource; of places, only what touches wanted starts. That is
         read through the index of the exclusion constraint (no place is overbooked)
room     free time per room; ``device`` likewise
stretch  a part with the rooms that serve it
place    starts at which a room, the device, the patient and the wish allow it
run      unbroken stretches of possible starts: the answer before rounding to a step

A group service is offered only to group searches (``p_group``): for a new session, or
for a place in sessions that stand already, whose own time then counts as free.

The tails pick starts out of the runs: the earliest, the best packed, the preferred,
the nearest of each specialist in each branch (the desk's list of services), exactly the
wanted ones (booking), or the runs themselves (series, several services).

Each tail is a function in the database, since planning the statement takes ten times
as long as running it for one specialist: PL/pgSQL keeps the plan for the session. The
function also switches the just-in-time compiler off, which would cost more than it
saves. Parameters are called ``p_…``; columns win over them. What other modules ask of
an offer or a shift is joined in when the functions are created; the values of their
own criteria are in ``p_more``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


from .answers import (
    COUNT_COLUMNS,
    COUNTS,
    OFFER_COLUMNS,
    OFFERS,
    RUN_COLUMNS,
    RUNS,
    SLOT_COLUMNS,
    WITH_PLACES,
)
from .fitting import FITTING
from .offered import OFFER_CONDITIONS, OFFERED, SHIFT_CONDITIONS
from .orders import (
    PICK_COMPACT,
    PICK_EARLIEST,
    PICK_NEAREST,
    PICK_PREFERRED,
    PICK_WANTED,
)
from .taken import MORE_NEEDS, TAKEN

PARAMETERS = {
    "service_ids": "int[]",
    "specialist_ids": "int[]",
    "room_ids": "int[]",
    "department_ids": "int[]",
    "branch_ids": "int[]",
    "patient_id": "int",
    "age_days": "date[]",
    "sex": "varchar",
    "start": "timestamp",
    "stop": "timestamp",
    "first_before": "timestamp",
    "now": "timestamp",
    "clock": "timestamp",
    "duration": "int",
    "repeat": "boolean",
    "remote": "boolean",
    "payment_source_id": "int",
    "ignored_ids": "int[]",
    "session_ids": "int[]",
    "group": "boolean",
    "any_room": "boolean",
    "overbook": "boolean",
    "wanted": "timestamp[]",
    "wish_tz": "text[]",
    "wish": "tsrange[]",
    "step": "int",
    "limit": "int",
    "reach": "int",
    "place_limit": "int",
    "prefer_specialist_id": "int",
    "prefer_weekday": "int",
    "prefer_minute": "int",
    "more": "jsonb",
}

PREFIX = OFFERED + TAKEN + FITTING

# Name of each function, the columns that it returns and its statement.
FUNCTIONS = {
    "earliest": (SLOT_COLUMNS, f"{PREFIX}, {PICK_EARLIEST} {WITH_PLACES}"),
    "compact": (SLOT_COLUMNS, f"{PREFIX}, {PICK_COMPACT} {WITH_PLACES}"),
    "preferred": (SLOT_COLUMNS, f"{PREFIX}, {PICK_PREFERRED} {WITH_PLACES}"),
    "wanted": (SLOT_COLUMNS, f"{PREFIX}, {PICK_WANTED} {WITH_PLACES}"),
    "nearest": (SLOT_COLUMNS, f"{PREFIX}, {PICK_NEAREST} {WITH_PLACES}"),
    "offers": (OFFER_COLUMNS, f"{PREFIX} {OFFERS}"),
    "runs": (RUN_COLUMNS, f"{PREFIX} {RUNS}"),
    "counts": (COUNT_COLUMNS, f"{PREFIX} {COUNTS}"),
}


@dataclass(frozen=True)
class More:
    """What other modules ask of the search: pieces of SQL, parameters as ``p_…``.

    ``offer_conditions`` speak of ``line``, ``specialist``, ``product``, ``template``;
    ``shift_conditions`` of ``shift``, ``branch``, ``offer`` and the branch's day
    ``local.day``. ``needs`` are queries of pairs (offer_id, resource_id): what has to
    be free beside the specialist, as long as the specialist.
    """

    offer_conditions: tuple[str, ...] = ()
    shift_conditions: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def join_into(self, query: str) -> str:
        for place, pieces in (
            (OFFER_CONDITIONS, [f" AND ({one})" for one in self.offer_conditions]),
            (SHIFT_CONDITIONS, [f" AND ({one})" for one in self.shift_conditions]),
            (MORE_NEEDS, [f" UNION ALL ({one})" for one in self.needs]),
        ):
            query = query.replace(place, "".join(pieces))
        return query


def get_definitions(more: More) -> list[str]:
    """Statements that create the functions anew."""
    parameters = ", ".join(f"p_{name} {kind}" for name, kind in PARAMETERS.items())
    definitions = []
    for name, (columns, query) in FUNCTIONS.items():
        definitions.append(f"DROP FUNCTION IF EXISTS clinic_slots_{name}")
        definitions.append(
            f"""
            CREATE FUNCTION clinic_slots_{name}({parameters})
            RETURNS TABLE ({columns})
            LANGUAGE plpgsql STABLE
            SET jit = off
            SET plan_cache_mode = force_generic_plan
            AS $body$
            #variable_conflict use_column
            BEGIN RETURN QUERY {more.join_into(query)}; END
            $body$
            """
        )
    return definitions


def get_digest(definitions: Iterable[str]) -> str:
    """What tells one set of functions from another."""
    return sha256("".join(definitions).encode()).hexdigest()


def get_call(name: str) -> str:
    """Statement that calls a function with named parameters."""
    arguments = ", ".join(
        f"p_{parameter} => %({parameter})s::{kind}"
        for parameter, kind in PARAMETERS.items()
    )
    return f"SELECT * FROM clinic_slots_{name}({arguments})"
