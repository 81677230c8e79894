from odoo import api, fields, models
from odoo.fields import Domain


class ClinicOwnPatientMixin(models.AbstractModel):
    """What belongs to the patient, not to one visit: seen by whoever receives them."""

    _name = "clinic.own.patient.mixin"
    _description = "Medical record of a patient"
    _inherit = ["clinic.medical.mixin"]

    patient_id = fields.Many2one(
        "clinic.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    is_own_patient = fields.Boolean(
        compute="_compute_is_own_patient",
        search="_search_is_own_patient",
        help="The patient has had or will have a visit to you. For record rules.",
    )

    @api.depends("patient_id")
    @api.depends_context("uid")
    def _compute_is_own_patient(self):
        visits = self._get_own_visits([("patient_id", "in", self.patient_id.ids)])
        own = visits.patient_id
        for record in self:
            record.is_own_patient = record.patient_id in own

    @api.model
    def _search_is_own_patient(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        domain = [("specialist_id.user_id", "=", self.env.uid)]
        # Sudo: as below.
        visits = self.env["clinic.appointment"].sudo()
        found = visits._search(Domain(domain), order="id")
        return Domain("patient_id", "in", found.subselect("patient_id"))

    @api.model
    def _get_own_visits(self, domain):
        # Sudo: only visits to the user are asked for, and a rule that is evaluated must
        # not ask for rights itself.
        visits = self.env["clinic.appointment"].sudo()
        return visits.search([("specialist_id.user_id", "=", self.env.uid), *domain])
