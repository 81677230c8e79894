from odoo import api, fields, models
from odoo.fields import Domain

# Visits that were never to take place make nobody a patient of one's own.
GIVEN_UP = ("hold", "expired", "cancelled")


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
    @api.depends_context("uid")
    def _compute_is_own_patient(self):
        patients = self._filter_open(self.patient_id)
        for record in self:
            record.is_own_patient = record.patient_id in patients

    @api.model
    def _search_is_own_patient(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        found = (
            records._search(domain, order="id").subselect("patient_id")
            for records, domain in self._get_openings()
        )
        return Domain.OR(Domain("patient_id", "in", patients) for patients in found)

    @api.model
    def _are_open(self, patients):
        """Whether the user may read the records of all ``patients``."""
        return self._filter_open(patients) == patients

    @api.model
    def _filter_open(self, patients):
        """Those of ``patients`` whose record is open to the user."""
        own = Domain("patient_id", "in", patients._origin.ids)
        opened = patients.browse()
        for records, domain in self._get_openings():
            opened |= records.search(own & domain).patient_id
        return patients.filtered(lambda patient: patient._origin in opened)

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
        if scope == "all":
            return Domain.TRUE
        own = Domain("specialist_id.user_id", "=", self.env.uid)
        kept = Domain("state", "not in", GIVEN_UP)
        if scope == "department":
            # Sudo: as above.
            mine = (
                self.env["clinic.specialist"]
                .sudo()
                .search([("user_id", "=", self.env.uid)])
            )
            own |= Domain("specialist_id.department_ids", "in", mine.department_ids.ids)
        return own & kept
