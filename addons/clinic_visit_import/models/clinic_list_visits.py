from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.models.imports.name_lookup import SERVICES
from odoo.addons.clinic_base.tools.patient_rows import RowError
from odoo.addons.clinic_base.tools.walltime import minute_of_day, to_utc

from ..tools.visit_columns import find_columns
from ..tools.visit_rows import READ, REQUIRED, make_row

GROUPS = ("clinic_base.group_clinic_admin", "clinic_base.group_clinic_manager")
# Columns of the sample, in their order.
COLUMNS = (
    *("key", "card_number", "patient", "specialist", "service", "branch", "start"),
    *("minutes", "state"),
)
STAGED = """
    CREATE TEMP TABLE clinic_visit_row ON COMMIT DROP AS
    SELECT file.*, branch.company_id, FALSE AS is_unlike, NULL AS closed
      FROM unnest(%(line)s::int[], %(key)s::text[], %(patient_id)s::int[],
                  %(specialist_id)s::int[], %(service_id)s::int[], %(branch_id)s::int[],
                  %(start_utc)s::timestamp[], %(minutes)s::int[], %(state)s::text[])
           file(line, key, patient_id, specialist_id, service_id, branch_id, start_utc,
                minutes, state)
      JOIN clinic_branch branch ON branch.id = file.branch_id
"""


class ClinicListVisits(models.AbstractModel):
    """Past visits on the screen: the rows of ``./clinic import visits``, and what a row
    names and is not there is asked about."""

    _name = "clinic.list.visits"
    _description = "List of past visits"
    _inherit = ["clinic.list.mixin"]

    @api.model
    def _find_titles(self, titles):
        columns = [name if name in READ else None for name in find_columns(titles)]
        known = {"start" if name == "date" else name for name in columns}
        return columns if known.issuperset(REQUIRED) else None

    @api.model
    def _get_columns(self):
        return COLUMNS

    @api.model
    def _get_sample(self):
        titles = [
            self.env._("Visit number"),
            self.env._("Card number"),
            self.env._("Patient"),
            self.env._("Specialist"),
            self.env._("Service"),
            self.env._("Branch"),
            self.env._("Start"),
            self.env._("Minutes"),
            self.env._("State"),
        ]
        specialist = self.env["clinic.specialist"].search([], limit=1)
        service = specialist.service_line_ids[:1].product_id
        branch = self.env["clinic.branch"].search([], limit=1)
        day = fields.Date.context_today(self, self.env.cr.now()) - timedelta(days=30)
        who = ["0000001", None, specialist.name, service.name, branch.name]
        start = f"{day:%d.%m.%Y} 10:00"
        return titles, [
            ["1", *who, start, 30, self.env._("done")],
            ["2", *who, f"{day:%d.%m.%Y} 12:00", 30, self.env._("cancelled")],
        ]

    def _take(self, values, run, lookup):
        visit = self._read_visit(values, lookup)
        if visit["start_utc"] > self.env.cr.now():
            self._refuse("future")
        # Sudo: a yes or no, of a visit that the user has named.
        visits = self.env["clinic.appointment"].sudo().with_context(active_test=False)
        known = visits.search_count([("import_key", "=", visit["key"])], limit=1)
        if known or visit["key"] in lookup.seen:
            return False
        lookup.seen.add(visit["key"])
        return True

    def _read_visit(self, values, lookup):
        """Values of the visit that a row says.

        :raises AskedError, UserError: why it is none
        """
        today = fields.Date.context_today(self, self.env.cr.now())
        try:
            row = make_row(0, values, today)
        except RowError as error:
            self._refuse(str(error))
        card = lookup.find_card(values["card_number"], values.get("patient", ""))
        branch = lookup.find_branch(values["branch"])
        start = fields.Datetime.to_datetime(row.start)
        return {
            "key": row.key,
            "patient_id": card.id,
            "specialist_id": lookup.find("clinic.specialist", values["specialist"]).id,
            "service_id": lookup.find(
                "product.product", values["service"], SERVICES
            ).id,
            "branch_id": branch.id,
            "start_utc": to_utc(start.date(), minute_of_day(start), branch.tz),
            "minutes": row.minutes,
            "state": row.state,
        }

    @api.model
    def _refuse(self, code):
        """:raises UserError: with the words of a reason"""
        raise UserError(self.env["clinic.visit.import"]._get_reject_reasons()[code])

    def _finish(self, run, taken, lookup):
        """All of them in one statement: the past takes nobody's time."""
        if not any(map(self.env.user.has_group, GROUPS)) and not self.env.su:
            raise UserError(
                self.env._("Past visits are imported by the administrator.")
            )
        visits = [
            self._read_visit(values, lookup) | {"line": number}
            for number, values in enumerate(taken)
        ]
        if not visits:
            return ""  # Of nothing there are no columns.
        columns = {name: [visit[name] for visit in visits] for name in visits[0]}
        self.env.flush_all()
        self.env.cr.execute(SQL(STAGED, **columns))
        # Sudo: checked above; the statement names tables that the role only reads.
        self.env["clinic.visit.import"].sudo()._insert_staged()
        return ""
