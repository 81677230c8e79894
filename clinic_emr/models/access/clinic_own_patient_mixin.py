from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.walltime import DAY, to_utc, to_wall

# The patient is or was here.
TOOK_PLACE = ("arrived", "in_progress", "done")
COMING = ("booked", "confirmed")
# Wall minute of the day before from which a coming visit opens the record.
EVENING = 18 * 60


class ClinicOwnPatientMixin(models.AbstractModel):
    """What belongs to the patient, not to one visit: seen by whoever receives them.

    How far that goes is the chief physician's choice (``clinic.record.policy``); an
    emergency access opens one patient's record for a while.
    """

    _name = "clinic.own.patient.mixin"
    _description = "Medical record of a patient"
    _inherit = ["clinic.medical.mixin"]

    patient_id = fields.Many2one(
        "clinic.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    is_own_patient = fields.Boolean(
        compute="_compute_is_own_patient",
        search="_search_is_own_patient",
        help="The record is open to you. For record rules.",
    )

    @api.depends("patient_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_own_patient(self):
        patients = self._filter_open(self.patient_id)
        for record in self:
            record.is_own_patient = record.patient_id in patients

    @api.model
    def _search_is_own_patient(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        found = (
            records._search(domain, order="id").subselect(
                SQL.identifier(records._table, "patient_id")
            )
            for records, domain in self._get_openings()
        )
        # Signed records keep the card that was merged into the one that is seen.
        return Domain.OR(
            Domain("patient_id", "in", patients)
            | Domain("patient_id.merged_into_id", "in", patients)
            for patients in found
        )

    @api.model
    def _are_open(self, patients):
        """Whether the user may read the records of all ``patients``."""
        return self._filter_open(patients) == patients

    @api.model
    def _filter_open(self, patients):
        """Those of ``patients`` whose record is open to the user."""
        kept = {patient: patient._origin.sudo()._get_kept() for patient in patients}
        own = Domain("patient_id", "in", [card.id for card in kept.values()])
        opened = patients.browse()
        for records, domain in self._get_openings():
            opened |= records.search(own & domain).patient_id
        return patients.filtered(lambda patient: kept[patient].id in opened.ids)

    @api.model
    def _get_openings(self):
        """What opens records: pairs of a model with ``patient_id`` and a domain on it.

        Sudo: only what concerns the user is asked for, and a rule that is evaluated
        must not ask for rights itself.
        """
        return (
            (self.env["clinic.appointment"].sudo(), self._get_visit_domain()),
            (
                self.env["clinic.emergency.access"].sudo(),
                self.env["clinic.emergency.access"]._get_open_domain(),
            ),
        )

    @api.model
    def _get_visit_domain(self):
        """Visits that open their patient's record to the user."""
        scope = self.env["clinic.record.policy"]._get().scope
        here = Domain("company_id", "in", self.env.companies.ids)
        if scope == "all":
            return here
        own = Domain("specialist_id.user_id", "=", self.env.uid)
        if scope == "department":
            # Sudo: as above.
            mine = (
                self.env["clinic.specialist"]
                .sudo()
                .search([("user_id", "=", self.env.uid)])
            )
            own |= here & Domain(
                "specialist_id.department_ids", "in", mine.department_ids.ids
            )
        return own & self._get_opening_domain()

    @api.model
    def _get_opening_domain(self):
        """Visits that open a record: those that took place, and from the evening before
        their day those that somebody else booked.

        Else a specialist could open any record by booking its patient, reading and
        cancelling. One's own booking opens it when the patient has come.
        """
        user = self.env.uid
        by_others = Domain("placed_by_id", "!=", user) & (
            Domain("series_id", "=", False) | Domain("series_id.create_uid", "!=", user)
        )
        coming = Domain("state", "in", COMING) & by_others & self._get_soon_domain()
        return Domain("state", "in", TOOK_PLACE) | coming

    @api.model
    def _get_soon_domain(self):
        """Visits before the end of the day, from the evening on of the next one, by the
        branch's clock."""
        # Sudo: clocks of branches are no secret.
        branches = self.env["clinic.branch"].sudo().with_context(active_test=False)
        now = self.env.cr.now()
        soon = []
        for zone, found in branches.search(Domain.TRUE).grouped("tz").items():
            wall = to_wall(now, zone)
            evening = wall.hour * 60 + wall.minute >= EVENING
            end = to_utc(wall.date() + DAY * (2 if evening else 1), 0, zone)
            soon.append(
                Domain("branch_id", "in", found.ids) & Domain("start", "<", end)
            )
        return Domain.OR(soon)
