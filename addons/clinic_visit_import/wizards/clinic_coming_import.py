from datetime import timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools import uploads
from odoo.addons.clinic_base.tools.walltime import minute_of_day, to_utc, to_wall

from ..tools.calendar_rows import read_ics
from ..tools.coming_rows import COLUMNS, MAX_ROWS, read_row, read_visit_tables
from .clinic_coming_lookup import Lookup

# So far ahead it is looked whether a series keeps its hour.
LOOKED_AHEAD = timedelta(days=400)


class ClinicComingImport(models.TransientModel):
    """Coming visits and standing visits from a file, each booked by the engine itself:
    booked, asked (somebody has to say who or what is meant, then it is booked), or
    refused with its reason."""

    _name = "clinic.coming.import"
    _description = "Import of coming visits"
    _inherit = ["clinic.rows.import.mixin"]

    _refused_state = "clash"
    _settled_state = "booked"
    _max_rows = MAX_ROWS

    specialist_id = fields.Many2one(
        "clinic.specialist", help="Where the file does not say with whom."
    )
    service_id = fields.Many2one(
        "product.product",
        domain=[("is_clinic_service", "=", True)],
        help="Where the file does not say for what.",
    )
    branch_id = fields.Many2one(
        "clinic.branch", help="Where the file does not say where."
    )
    line_ids = fields.One2many("clinic.coming.import.line", "import_id")
    clash_count = fields.Integer(compute="_compute_counts")
    asked_count = fields.Integer(compute="_compute_counts")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for run in self:
            states = run.line_ids.mapped("state")
            run.clash_count = states.count("clash")
            run.asked_count = states.count("asked")

    @api.model
    def _get_sample(self):
        titles = [
            self.env._("Card number"),
            self.env._("Specialist"),
            self.env._("Service"),
            self.env._("Branch"),
            self.env._("Start"),
            self.env._("Minutes"),
            self.env._("Weeks"),
            self.env._("Until"),
        ]
        assert len(titles) == len(COLUMNS)
        specialist = self.env["clinic.specialist"].search([], limit=1)
        service = specialist.service_line_ids[:1].product_id
        branch = self.env["clinic.branch"].search([], limit=1)
        day = fields.Date.context_today(self) + timedelta(days=7)
        until = f"{day + timedelta(90):%d.%m.%Y}"
        example = ["0000001", specialist.name, service.name, branch.name]
        rows = [
            [*example, f"{day:%d.%m.%Y} 10:00", 30, None, None],
            [*example, f"{day:%d.%m.%Y} 12:30", 45, 1, until],
        ]
        return self.env._("coming_visits.xlsx"), titles, rows

    # === ROWS === #

    def _read(self, content):
        """:raises UserError: if the file is not what its name says"""
        kind = (self.filename or "").rpartition(".")[2].lower()
        with self._explaining_files():
            if kind == "ics":
                return list(read_ics(content, self.env.cr.now())), ()
            if kind not in ("xlsx", "csv"):
                raise UserError(self.env._("Choose an .xlsx, .csv or .ics file."))
            if (kind == "xlsx") != content.startswith(uploads.ZIP):
                raise uploads.UnreadableError(kind)
            tables = read_visit_tables(content)
        today = fields.Date.context_today(self)
        rows = [read_row(row, today) for table in tables for row in table.rows or ()]
        return rows, self._describe_unread(tables, content)

    def _explain_unreadable(self, error):
        if error.args[0] == "columns":
            return self.env._(
                "No rows of visits were found. A row of titles names the card number,"
                " the specialist, the service, the branch and the start; see the sample"
                " file."
            )
        return super()._explain_unreadable(error)

    def _explain_size(self, error):
        if error.what in ("nesting", "repetition"):
            return self.env._(
                "The calendar has a rule that is no day or week: %(rule)s.",
                rule=error.detail or "–",
            )
        return super()._explain_size(error)

    def _get_taker(self):
        return Lookup(
            self, {(one.sheet or "", one.number): one for one in self.line_ids}
        )

    def _prepare_report(self, row):
        return super()._prepare_report(row) | {
            "card_number": " ".join(filter(None, (row.card_number, row.patient))),
            "specialist": row.specialist,
            "start": row.start and f"{row.start:%d.%m.%Y %H:%M %Z}".strip(),
        }

    def _try_row(self, taker, row, keep):
        return super()._try_row(taker, row, keep) | taker.get_answers(row)

    def _take_row(self, taker, row, keep):
        self._book_row(row, taker)
        return "booked" if keep else "ready"

    def _book_row(self, row, lookup):
        """Book all that ``row`` means through the public methods, with the user's own
        rights, or nothing of it."""
        if row.problem:
            raise UserError(self._explain_problem(row))
        branch = lookup.find_branch(row)
        vals = {
            "patient_id": lookup.find_patient(row).id,
            "specialist_id": lookup.find_specialist(row).id,
            "service_id": lookup.find_service(row).id,
            "branch_id": branch.id,
        }
        booked = [
            self._book_single(
                start, {**vals, "duration": minutes or row.minutes or None}, branch
            )
            for start, minutes in row.singles
        ]
        if booked and not any(booked) and not row.standing:
            raise UserError(self._explain_problem(row._replace(problem="imported")))
        for standing in row.standing:
            self._book_standing(standing, {**vals, "duration": row.minutes}, branch)

    def _book_single(self, start, vals, branch):
        """Whether the visit is booked now; what came of it after an earlier import, at
        the desk or with the patient, stays."""
        moment = fields.Datetime.to_string(self._get_utc(start, branch))
        key = f"coming {vals['patient_id']} {moment} {vals['specialist_id']}"
        # Sudo: a yes or no, of a visit that the file names; the key is ours.
        visits = self.env["clinic.appointment"].sudo()
        known = visits.with_context(active_test=False)
        if known.search_count([("import_key", "=", key)], limit=1):
            return False
        visit_id = self.env["clinic.appointment"].book({**vals, "start": moment})
        visits.browse(visit_id).import_key = key
        return True

    def _book_standing(self, standing, vals, branch):
        series = self.env["clinic.appointment.series"]
        wall = to_wall(self._get_utc(standing.first, branch), branch.tz)
        # The event's zone may have another day than the branch's.
        shift = wall.date() - standing.first.date()
        horizon = series._get_horizon()
        self._check_hour(standing, wall, branch)
        # Sudo: as above.
        if series.sudo().search_count(
            [
                ("patient_id", "=", vals["patient_id"]),
                ("specialist_id", "=", vals["specialist_id"]),
                ("weekday", "=", str(wall.weekday())),
                ("minute_of_day", "=", minute_of_day(wall)),
                ("interval_weeks", "=", standing.weeks),
                ("date_from", "=", wall.date()),
            ],
            limit=1,
        ):
            raise UserError(self.env._("There has been such a standing visit already."))
        skip = [day + shift for day in standing.skip]
        if skip and max(skip) > horizon:
            raise UserError(
                self.env._(
                    "The series leaves out %(day)s, which lies too far ahead: book it"
                    " up to there first.",
                    day=f"{max(skip):%d.%m.%Y}",
                )
            )
        return series.book_series(
            {
                **vals,
                "weekday": wall.weekday(),
                "minute_of_day": minute_of_day(wall),
                "date_from": str(wall.date()),
                "date_to": standing.last and str(standing.last + shift),
                "interval_weeks": standing.weeks,
                "skip": [str(day) for day in skip],
            }
        )

    def _check_hour(self, standing, wall, branch):
        """:raises UserError: the clocks of the event's zone change, and the branch's do
        not, or on another day"""
        last = standing.last or standing.first.date() + LOOKED_AHEAD
        step = timedelta(weeks=standing.weeks)
        start = standing.first
        while standing.first.tzinfo and start.date() <= last:
            found = to_wall(self._get_utc(start, branch), branch.tz)
            if found.time() != wall.time():
                raise UserError(
                    self.env._(
                        "The series is written in another time zone: from %(day)s on"
                        " its hour is %(hour)s and not %(first)s. Book it in parts.",
                        day=f"{found:%d.%m.%Y}",
                        hour=f"{found:%H:%M}",
                        first=f"{wall:%H:%M}",
                    )
                )
            start += step

    def _get_utc(self, start, branch):
        """Naive UTC of an aware moment, or of the branch's wall time."""
        if start.tzinfo:
            return start.astimezone(timezone.utc).replace(tzinfo=None)
        return to_utc(start.date(), minute_of_day(start), branch.tz)

    def _explain(self, error):
        """The refusal, with the dates of a standing visit that clash."""
        clashes = getattr(error, "context", {}).get("clashes") or ()
        days = ", ".join(clash["date"] for clash in clashes)
        return f"{error.args[0]} {days}".strip()

    def _explain_problem(self, row):
        reasons = {
            "start": self.env._("The start is not understood."),
            "minutes": self.env._("The length is not understood."),
            "weeks": self.env._("How often it repeats is not understood."),
            "until": self.env._("The last day (until) is not understood."),
            "until_alone": self.env._(
                "A last day (until) is given, and not how often the visit repeats."
            ),
            "until_before": self.env._("The last day (until) lies before the first."),
            "cancelled": self.env._("The event is cancelled in the calendar."),
            "free": self.env._("The event takes no time: it is shown as free."),
            "all_day": self.env._("The event is of whole days and has no hour."),
            "length": self.env._("The event ends before it begins, or takes days."),
            "zone": self.env._("The calendar does not say what its time zone is."),
            "rules": self.env._("The event repeats by several rules at once."),
            "rule": self.env._("This rule of repetition cannot be booked."),
            "changed_date": self.env._(
                "One date of the event is otherwise: another patient, specialist,"
                " service or place, or it takes no time."
            ),
            "added_day": self.env._("An added date of the event has no hour."),
            "declined": self.env._("Whoever was invited has declined the event."),
            "replaced": self.env._(
                "The event stands in the file again, and there it counts."
            ),
            "same_uid": self.env._(
                "Several events of the file have the same number (UID), and it cannot"
                " be told which of them counts."
            ),
            "broken": self.env._("A line of the event is no value: see its dates."),
            "past": self.env._("The visit lies in the past."),
            "imported": self.env._(
                "The visit was booked by an earlier import. What has become of it since"
                " stays."
            ),
            "no_event": self.env._("This is a task or a note, and no event."),
        }
        return " ".join(filter(None, (reasons[row.problem], row.detail)))


class ClinicComingImportLine(models.TransientModel):
    """What became of one row, and who or what is meant where that was asked."""

    _name = "clinic.coming.import.line"
    _description = "Row of an import of coming visits"
    _inherit = ["clinic.rows.import.line.mixin"]
    _order = "state, number, id"

    import_id = fields.Many2one(
        "clinic.coming.import", required=True, ondelete="cascade"
    )
    card_number = fields.Char(string="Patient in the file", readonly=True)
    specialist = fields.Char(readonly=True)
    start = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("asked", "To be answered"),
            ("booked", "Booked"),
            ("clash", "Cannot be booked"),
            ("ready", "Can be booked"),
            ("left", "Not tried yet"),
        ],
        required=True,
        readonly=True,
    )
    patient_id = fields.Many2one("clinic.patient", string="Who")
    specialist_id = fields.Many2one("clinic.specialist", string="With whom")
    service_id = fields.Many2one(
        "product.product",
        string="For what",
        domain=[("is_clinic_service", "=", True)],
    )
    branch_id = fields.Many2one("clinic.branch", string="Where")
