"""Random sequences of everything that happens to visits keep the engine's promises.

A few short runs every day; ``CLINIC_STATES_EXAMPLES`` and ``CLINIC_STATES_STEPS`` set
how many and how long.
"""

import os
from collections import Counter
from datetime import timedelta

import psycopg2.errors
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tools.spans import overlaps

from ...tools.states import MOVES, REVERSALS, TAKING_TIME
from ..common import MONDAY, ScheduleCommon

EXAMPLES = int(os.environ.get("CLINIC_STATES_EXAMPLES", "5"))
STEPS = int(os.environ.get("CLINIC_STATES_STEPS", "25"))
MINUTES = st.integers(0, 36).map(lambda step: 5 * step)
PEOPLE = st.integers(0, 2)
DAY_LIMIT = 4
CAPACITY = 2


class Engine(RuleBasedStateMachine):
    """Two specialists, two rooms, three patients; refusals are answers, not failures.

    The machine knows nothing of how the engine decides: it only compares what is in the
    database, in plain Python, after each step.
    """

    test = None  # the test case that lends its data

    def __init__(self):
        super().__init__()
        self.savepoint = self.test.env.cr.savepoint()
        self.visits = self.test.visits
        self.states = {}

    def teardown(self):
        self.savepoint.rollback()
        self.test.env.invalidate_all()

    def attempt(self, call):
        """Run ``call``; a refusal leaves everything as it was."""
        try:
            with self.test.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                return call()
        except (UserError, psycopg2.errors.IntegrityError):
            self.test.env.invalidate_all()
            return None

    def pick(self, data, *states):
        """One of the visits in ``states``; None if there is none."""
        found = self.visits.search([("state", "in", states)], order="id")
        return data.draw(st.sampled_from(list(found))) if found else None

    def prepare(self, who, whom, minutes):
        test = self.test
        return {
            "service_id": test.service.id,
            "specialist_id": test.specialists[who % 2].id,
            "patient_id": test.patients[whom].id,
            "start": test.at(MONDAY, "09:00") + timedelta(minutes=minutes),
        }

    # === RULES === #

    @initialize()
    def plan_session(self):
        self.session = self.test.plan_session()

    @rule(who=PEOPLE, whom=PEOPLE, minutes=MINUTES)
    def book(self, who, whom, minutes):
        self.attempt(lambda: self.visits.book(self.prepare(who, whom, minutes)))

    @rule(who=PEOPLE, whom=PEOPLE, minutes=MINUTES)
    def hold(self, who, whom, minutes):
        self.attempt(lambda: self.visits.hold(self.prepare(who, whom, minutes)))

    @rule(whom=PEOPLE)
    def take_place(self, whom):
        vals = {
            "session_id": self.session.id,
            "patient_id": self.test.patients[whom].id,
        }
        self.attempt(lambda: self.visits.book(vals))

    @rule(data=st.data())
    def pay(self, data):
        hold = self.pick(data, "hold")
        if hold:
            self.attempt(lambda: self.visits.book({"hold_id": hold.id}))

    @rule(data=st.data(), tidy=st.booleans())
    def expire(self, data, tidy):
        hold = self.pick(data, "hold")
        if hold:
            past = self.test.now - timedelta(minutes=1)
            hold._as_engine().write({"expires_at": past})
            hold._sync_occupancy()
            if tidy:
                self.visits._expire_holds([])

    @rule(data=st.data(), minutes=MINUTES, who=st.none() | PEOPLE)
    def move(self, data, minutes, who):
        visit = self.pick(data, *sorted(TAKING_TIME))
        if visit:
            start = self.test.at(MONDAY, "09:00") + timedelta(minutes=minutes)
            specialist = None if who is None else self.test.specialists[who % 2].id
            self.attempt(lambda: visit.reschedule(start, specialist))

    @rule(data=st.data())
    def swap(self, data):
        one, other = (self.pick(data, "booked", "confirmed") for _side in range(2))
        if one and one != other:
            self.attempt(lambda: one.swap(other.id))

    @rule(data=st.data())
    def cancel(self, data):
        visit = self.pick(data, *sorted(MOVES))
        if visit:
            self.attempt(lambda: visit.cancel(self.test.reason.id))

    @rule(
        data=st.data(),
        action=st.sampled_from(
            ["confirm", "arrive", "start", "done", "no_show", "reverse"]
        ),
    )
    def act(self, data, action):
        visit = self.pick(data, *sorted(MOVES))
        if visit:
            self.attempt(getattr(visit, f"action_{action}"))

    @rule(hours=st.sampled_from(["09:00-10:00", "10:30-12:00"]), who=PEOPLE)
    def leave(self, hours, who):
        self.attempt(lambda: self.test.create_leave(who % 2, hours))

    @rule(whom=PEOPLE, minute=st.sampled_from([540, 570, 600, 660]))
    def series(self, whom, minute):
        self.attempt(lambda: self.test.book_series(whom, minute))

    @rule(minutes=MINUTES)
    def move_session(self, minutes):
        start = self.test.at(MONDAY, "09:00") + timedelta(minutes=minutes)
        self.attempt(lambda: self.session.write({"start": start}))

    # === INVARIANTS === #

    @invariant()
    def nobody_is_in_two_places(self):
        self.test.assert_no_overlaps()

    @invariant()
    def occupancy_is_what_visits_say(self):
        self.test.assert_occupancy_is_true()

    @invariant()
    def states_move_as_allowed(self):
        allowed = {(old, new) for old, news in MOVES.items() for new in news}
        logs = self.test.env["clinic.appointment.log"].search(
            [("event", "in", ("state", "reversed"))]
        )
        for log in logs:
            known = REVERSALS if log.event == "reversed" else allowed
            self.test.assertIn((log.old, log.new), known)
        present = {visit.id: visit.state for visit in self.visits.search([])}
        for visit_id, old in self.states.items():
            if present[visit_id] != old:
                last = logs.filtered(lambda log, v=visit_id: log.appointment_id.id == v)
                self.test.assertEqual(last.sorted("id")[-1].new, present[visit_id])
        self.states = present

    @invariant()
    def limits_hold(self):
        self.test.assert_limits()


@tagged("post_install", "-at_install")
class TestStates(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        third = cls.create_patient("Third Patient")
        cls.patients = cls.patient | cls.other_patient | third
        cls.specialists = cls.specialist | cls.other_specialist
        cls.group = cls.create_service("Group exercises", 60, is_group=True)
        for number, specialist in enumerate(cls.specialists):
            specialist.service_line_ids = [(0, 0, {"product_id": cls.group.id})]
            employee = cls.env["hr.employee"].create({"name": f"Employee {number}"})
            employee.clinic_specialist_id = specialist
            for weeks in range(2):
                cls.create_shift(specialist, MONDAY + timedelta(weeks=weeks))
        cls.service.product_tmpl_id.buffer_after = 5
        cls.limit = cls.env["clinic.day.limit"].create(
            {"specialist_id": cls.specialist.id, "maximum": DAY_LIMIT}
        )

    def test_no_sequence_of_events_breaks_a_promise(self):
        machine = type("Machine", (Engine,), {"test": self})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                derandomize=True,
                suppress_health_check=list(HealthCheck),
            ),
        )

    # === EVENTS === #

    def plan_session(self):
        return self.env["clinic.session"].create(
            {
                "service_id": self.group.id,
                "specialist_id": self.other_specialist.id,
                "branch_id": self.branch.id,
                "start": self.at(MONDAY, "11:00"),
                "capacity": CAPACITY,
            }
        )

    def create_leave(self, who, hours):
        start, stop = (self.at(MONDAY, clock) for clock in hours.split("-"))
        employee = self.specialists[who].employee_ids
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Away",
                "resource_id": employee.resource_id.id,
                "date_from": start,
                "date_to": stop,
            }
        )

    def book_series(self, whom, minute):
        self.env["clinic.appointment.series"].book_series(
            {
                "patient_id": self.patients[whom].id,
                "specialist_id": self.specialist.id,
                "service_id": self.service.id,
                "branch_id": self.branch.id,
                "weekday": 0,
                "minute_of_day": minute,
                "date_from": str(MONDAY),
                "date_to": str(MONDAY + timedelta(weeks=1)),
            }
        )

    # === TRUTH === #

    def get_rows(self):
        return self.env["clinic.occupancy"].search([])

    def assert_no_overlaps(self):
        rows = list(self.get_rows())
        for number, one in enumerate(rows):
            for other in rows[number + 1 :]:
                same = (
                    one.resource_id == other.resource_id
                    if one.resource_id
                    else one.patient_id == other.patient_id
                )
                if same and one.session_id != other.session_id:
                    self.assertFalse(
                        overlaps((one.start, one.stop), (other.start, other.stop)),
                        (one, other),
                    )

    def assert_occupancy_is_true(self):
        """Every visit that takes time has its rows to the minute; nobody else any."""
        visits = self.visits.search([("state", "in", sorted(TAKING_TIME))])
        expected = Counter()
        for visit in visits:
            number = visit.session_id
            if visit.patient_id:
                expected[
                    ("patient", visit.patient_id.id, visit.start, visit.stop, number)
                ] += 1
            if not visit.group_session_id:
                expected.update(self.get_places(visit, number))
        for session in self.env["clinic.session"].search([]):
            expected.update(self.get_places(session, session.id))
        found = Counter(
            (
                row.role,
                row.patient_id.id or row.resource_id.id,
                row.start,
                row.stop,
                row.session_id,
            )
            for row in self.get_rows()
        )
        self.assertEqual(found, expected)

    def get_places(self, visit, number):
        start = visit.start - timedelta(minutes=visit.buffer_before)
        stop = visit.stop + timedelta(minutes=visit.buffer_after)
        for role, taken in (
            ("specialist", visit.specialist_id),
            ("room", visit.room_id),
        ):
            if taken:
                yield role, taken.resource_id.id, start, stop, number

    def assert_limits(self):
        visits = self.visits.search([("state", "in", sorted(TAKING_TIME))])
        single = visits.filtered(lambda visit: not visit.group_session_id)
        per_day = Counter(
            visit.start.date()
            for visit in single
            if visit.specialist_id == self.specialist
        )
        self.assertLessEqual(max(per_day.values(), default=0), DAY_LIMIT)
        claims = self.env["clinic.limit.claim"].search([])
        self.assertFalse(claims.appointment_id - visits)
        holds = Counter(visit.patient_id for visit in visits if visit.state == "hold")
        most = self.env["clinic.schedule.settings"]._get().holds_per_patient
        self.assertLessEqual(max(holds.values(), default=0), most)
        seats = Counter(visit.group_session_id for visit in visits - single)
        self.assertLessEqual(max(seats.values(), default=0), CAPACITY)
