import json
from datetime import timedelta
from functools import cached_property

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import DAY, day_bounds

from ...tools.board import cut_by_days
from ...tools.shared_answers import SharedAnswers
from ...tools.states import MOVABLE

# Whoever may read the same of these sees the same board.
BOARD_MODELS = (
    "clinic.branch",
    "clinic.room",
    "clinic.appointment",
    "clinic.occupancy",
    "clinic.patient",
    "clinic.specialist",
    "product.product",
)
BOARD_KEYS = {"branch_id", "day", "days", "specialist_id"}
MAX_DAYS = 7
VISIT_FIELDS = (
    "patient_id",
    "specialist_id",
    "service_id",
    "room_id",
    "start",
    "stop",
    "state",
    "is_first",
    "telemedicine",
    "series_id",
    "overbook_reason",
    "expires_at",
    "group_session_id",
)
SHARED = SharedAnswers()


class ClinicAppointment(models.Model):
    """What the board shows: a day of a branch, or a week of a specialist, in one read.

    Everything is read with the rights of the user. Time that is taken by what the user
    may not see, or by something in another branch, is shown as taken and no more.
    """

    _inherit = "clinic.appointment"

    @api.model
    @api.readonly
    def get_board(self, criteria):
        """The board of a branch.

        :param criteria: ``branch_id``; ``day`` ('YYYY-MM-DD', the first one, in branch
            time); ``days`` (1 to 7, default 1); ``specialist_id`` (only this one)
        :return: dict of ``version``, ``now`` (UTC), ``tz``, ``days`` (dates), and lists
            of dicts: ``rooms``, ``specialists``, ``shifts``, ``visits``, ``busy``,
            ``closures``, ``absences``. All but the first two have ``pieces``:
            [day, minute from, minute to] in branch time. With ``specialist_id`` there
            are ``choices`` too ({id: name}): who receives here in these days.
        """
        self.check_access("read")
        board = Board(self, criteria)
        visits = board.find_visits()
        return {
            "now": fields.Datetime.to_string(self.env.cr.now()),
            "tz": board.tz,
            "days": [str(board.first + number * DAY) for number in range(board.days)],
            "shifts": board.read_shifts(),
            "visits": board.read_visits(visits),
            **board.read_names(),
            "busy": board.read_busy(board.get_busy_domain(visits)),
            "rooms": board.read_rooms(),
            "closures": board.read_closures(),
            "absences": board.read_absences(),
            **({"choices": board.read_choices()} if board.specialist_id else {}),
        }

    @api.model
    @api.readonly
    def get_board_visits(self, criteria, ids, announced=None):
        """Visits of the board that have changed.

        :param criteria: as for :meth:`get_board`
        :param ids: ids of visits, readable or not
        :param announced: the greatest ``version`` in the announcements of the changes.
            A hundred boards hear of a change at once; those of users with the same
            rights are given the same answer, read once after that announcement.
        :return: as :meth:`get_board`, with the ``visits`` of ``ids`` alone, without
            those that have left the board or are not to be seen; ``busy`` has what they
            take, and the sessions that they were or are in
        """
        self.check_access("read")
        if not isinstance(announced, int) or self.env.su:
            return self._read_board_visits(criteria, ids)
        key = (
            self.env.cr.dbname,
            self.env.lang,
            self._get_board_rights(),
            json.dumps([criteria, ids], sort_keys=True),
        )
        return SHARED.take(key, announced) or SHARED.keep(
            key, self._read_board_visits(criteria, ids)
        )

    @api.model
    def _read_board_visits(self, criteria, ids):
        # The rule of services asks for nothing else of a company, but would have all
        # of it read, which takes as long as the visits.
        self.env.companies.sudo().fetch(["parent_path"])
        board = Board(self, criteria)
        ids = board.parse_ids(ids)
        visits = board.find_visits([("id", "in", ids)])
        return {
            "visits": board.read_visits(visits),
            **board.read_names(),
            "busy": board.read_busy_of(ids, visits),
        }

    @api.model
    @tools.ormcache(
        "self.env.uid", "tuple(self.env.context.get('allowed_company_ids') or ())"
    )
    def _get_board_rights(self):
        """What decides on how much of a board the user reads, comparable and hashable.

        Groups, companies, and the domains of the record rules with the user's own
        values in them. The rules compare stored fields, so equal domains let the same
        records through.
        """
        rules = self.env["ir.rule"]
        return (
            tuple(sorted(self.env.user._get_group_ids())),
            tuple(self.env.companies.ids),
            tuple(repr(rules._compute_domain(model)) for model in BOARD_MODELS),
        )

    @api.model
    def _get_board_marks(self, visits):
        """Hook: {visit id: list of marks, for instance 'unpaid'} of ``visits``."""
        return {}


class Board:
    """One reading of the board with the rights of ``appointments.env``."""

    def __init__(self, appointments, criteria):
        self.env = appointments.env
        self.appointments = appointments
        payload = Payload(self.env, criteria, BOARD_KEYS)
        branch = self.env["clinic.branch"].search_fetch(
            [("id", "=", payload.get_id("branch_id"))], ["tz"]
        )
        if not branch:
            raise UserError(self.env._("Choose a branch."))
        self.branch = branch
        self.tz = branch.tz
        self.days = payload.get_int("days", 1, MAX_DAYS) or 1
        self.first = fields.Date.to_date(criteria.get("day"))
        if not self.first:
            raise UserError(self.env._("Choose a day."))
        self.start = day_bounds(self.first, self.tz)[0]
        last = self.first + timedelta(days=self.days - 1)
        self.stop = day_bounds(last, self.tz)[1]
        self.specialist_id = payload.get_id("specialist_id")
        self.specialist_ids = {self.specialist_id} if self.specialist_id else set()
        self.patient_ids = set()
        self.service_ids = set()
        self.owners = {}

    @cached_property
    def rooms(self):
        """The branch's rooms, read when something of them is shown."""
        return self.env["clinic.room"].search_fetch(
            [("branch_id", "=", self.branch.id)],
            ["name", "department_id", "readiness", "resource_id"],
        )

    def parse_ids(self, ids):
        return list(Payload(self.env, {"ids": ids}).get_ids("ids"))

    # === READING === #

    def find_visits(self, domain=()):
        return self.appointments.search_fetch(
            [
                *domain,
                ("branch_id", "=", self.branch.id),
                ("state", "in", list(self.appointments._get_taking_states())),
                *self._get_time_domain(),
            ],
            VISIT_FIELDS,
            order="start, id",
        ).filtered(self._is_standing)

    def read_visits(self, visits):
        """Visits as the board draws them; their names are read later, all at once."""
        marks = self.appointments._get_board_marks(visits)
        self.specialist_ids |= set(visits.specialist_id.ids)
        self.patient_ids |= set(visits.patient_id.ids)
        self.service_ids |= set(visits.service_id.ids)
        return [
            {
                "id": visit.id,
                "patient_id": visit.patient_id.id,
                "specialist_id": visit.specialist_id.id,
                "service_id": visit.service_id.id,
                "room_id": visit.room_id.id,
                "session_id": visit.group_session_id.id,
                "start": fields.Datetime.to_string(visit.start),
                "minutes": int((visit.stop - visit.start).total_seconds() // 60),
                "pieces": self._cut(visit),
                "state": visit.state,
                "movable": visit.state in MOVABLE and not visit.group_session_id,
                "marks": [*self._get_own_marks(visit), *marks.get(visit.id, ())],
            }
            for visit in visits
        ]

    def read_shifts(self):
        shifts = self.env["clinic.shift"].search_fetch(
            [("branch_id", "=", self.branch.id), *self._get_time_domain()],
            ["specialist_id", "room_id", "start", "stop", "telemedicine"],
        )
        self.specialist_ids |= set(shifts.specialist_id.ids)
        return [
            {
                "id": shift.id,
                "specialist_id": shift.specialist_id.id,
                "room_id": shift.room_id.id,
                "telemedicine": shift.telemedicine,
                "pieces": self._cut(shift),
            }
            for shift in shifts
        ]

    def read_choices(self):
        """Specialists of whom the user may look at the same days instead."""
        specialists = self.env["clinic.specialist"].search_fetch(
            [
                "|",
                ("id", "=", self.specialist_id),
                (
                    "id",
                    "in",
                    self.env["clinic.shift"]
                    ._search(
                        [
                            ("branch_id", "=", self.branch.id),
                            ("start", "<", self.stop),
                            ("stop", ">", self.start),
                        ]
                    )
                    .subselect("specialist_id"),
                ),
            ],
            ["name"],
        )
        return {one.id: one.name for one in specialists}

    def get_busy_domain(self, visits):
        """What is not among ``visits``; a session with visits is drawn by them."""
        return [
            ("appointment_id", "not in", visits.ids),
            "|",
            ("appointment_id", "!=", False),
            ("session_id", "not in", visits.group_session_id.ids),
        ]

    def read_busy_of(self, ids, visits):
        """What the visits with ``ids`` take that are not among ``visits``.

        Nothing is read where all are, which is what a hundred boards ask at once when
        somebody books.
        """
        hidden = set(ids) - set(visits.ids)
        if not hidden and not visits.group_session_id:
            return []
        changed = self.appointments.search([("id", "in", ids)])
        return self.read_busy(
            [
                "|",
                ("appointment_id", "in", list(hidden)),
                "&",
                ("appointment_id", "=", False),
                ("session_id", "in", changed.group_session_id.ids),
            ]
        )

    def read_busy(self, domain):
        """Time taken by what is hidden, elsewhere, or no visit at all.

        Of the specialists whose names have been read, and of the rooms.
        """
        rooms = {room.resource_id.id: ("room_id", room.id) for room in self.rooms}
        owners = rooms | self.owners
        # Also of other companies' visits: the answer says "taken", and nothing of whom.
        rows = (
            self.env["clinic.occupancy"]
            .sudo()
            .search_fetch(
                [
                    ("resource_id", "in", list(owners)),
                    ("start", "<", self.stop),
                    ("stop", ">", self.start),
                    *domain,
                ],
                [
                    *("resource_id", "start", "stop", "kind", "expires_at"),
                    *("appointment_id", "session_id"),
                ],
            )
        )
        return [
            {
                "id": row.id,
                "visit_id": row.appointment_id.id,
                "session_id": row.session_id,
                "kind": self._get_busy_kind(row),
                owners[row.resource_id.id][0]: owners[row.resource_id.id][1],
                "pieces": self._cut(row),
            }
            for row in rows.filtered(self._is_standing)
        ]

    def read_rooms(self):
        return [
            {
                "id": room.id,
                "name": room.name,
                "department_id": room.department_id.id,
                "readiness": room.readiness,
            }
            for room in self.rooms
        ]

    def read_closures(self):
        closures = self.env["clinic.room.closure"].search_fetch(
            [
                ("room_id", "in", self.rooms.ids),
                ("start", "<", self.stop),
                ("stop", ">", self.start),
            ],
            ["room_id", "start", "stop", "reason"],
        )
        return [
            {
                "id": closure.id,
                "room_id": closure.room_id.id,
                "reason": closure.reason,
                "pieces": self._cut(closure),
            }
            for closure in closures
        ]

    def read_absences(self):
        """That a specialist is away is shown, why is not.

        Of the specialists whose names have been read: those that the user may see.
        """
        seen = [one for kind, one in self.owners.values() if kind == "specialist_id"]
        absences = (
            self.env["clinic.specialist"]
            .browse(seen)
            ._get_absences(self.start, self.stop, self.tz)
        )
        return [
            {
                "specialist_id": specialist_id,
                "pieces": cut_by_days(start, stop, self.tz, self.first, self.days),
            }
            for specialist_id, spans in absences.items()
            for start, stop in spans
            if start < self.stop and stop > self.start
        ]

    def read_names(self):
        """Names of all that was read, as far as the user may see them, and a version.

        The version is above all transactions that were over when this reading began.
        A change is committed before the transaction that announces it begins, so what
        was announced with a smaller number is in it.
        """
        wanted = {
            "patients": ("clinic.patient", self.patient_ids),
            "services": ("product.product", self.service_ids),
            "specialists": ("clinic.specialist", self.specialist_ids),
        }
        parts = [self._select_names(key, *one) for key, one in wanted.items()]
        rows = self.env.execute_query(
            SQL(
                "SELECT 'version', NULL, txid_snapshot_xmax(txid_current_snapshot())"
                "::text, NULL UNION ALL %s",
                SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts),
            )
        )
        names = {key: {} for key in wanted}
        for key, record_id, name, resource_id in rows[1:]:
            names[key][record_id] = name
            if resource_id:
                self.owners[resource_id] = ("specialist_id", record_id)
        return {"version": int(rows[0][2]), **names}

    def _select_names(self, key, model, ids):
        """SELECT of key, id, name and, if it has one, the resource of readable ids."""
        records = self.env[model]
        query = records._search([("id", "in", list(ids))], active_test=False)
        resource = (
            records._field_to_sql(query.table, "resource_id", query)
            if "resource_id" in records._fields
            else SQL("NULL::integer")
        )
        return query.select(
            SQL("%s", key),
            SQL.identifier(query.table, "id"),
            SQL("%s::text", records._field_to_sql(query.table, "name", query)),
            resource,
        )

    # === SHAPES === #

    def _get_time_domain(self):
        domain = [("start", "<", self.stop), ("stop", ">", self.start)]
        if self.specialist_id:
            domain.append(("specialist_id", "=", self.specialist_id))
        return domain

    def _is_standing(self, record):
        """A hold that has run out is nothing any more, tidied away or not."""
        return not record.expires_at or record.expires_at > self.env.cr.now()

    def _get_busy_kind(self, row):
        """'session' is a group visit that nobody has booked yet."""
        is_session = row.kind == "visit" and not row.appointment_id
        return "session" if is_session else row.kind

    def _cut(self, record):
        return cut_by_days(record.start, record.stop, self.tz, self.first, self.days)

    def _get_own_marks(self, visit):
        marks = {
            "first": visit.is_first,
            "video": visit.telemedicine,
            "series": visit.series_id,
            "overbooked": visit.overbook_reason,
        }
        return [mark for mark, applies in marks.items() if applies]
