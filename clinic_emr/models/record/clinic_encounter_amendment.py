from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.signing import SIGNING


class ClinicEncounterAmendment(models.Model):
    """A later addition to a signed protocol; the original stays as it was."""

    _name = "clinic.encounter.amendment"
    _description = "Amendment"
    _inherit = ["clinic.medical.mixin"]
    _order = "create_date, id"

    encounter_id = fields.Many2one(
        "clinic.encounter",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id", store=True, index=True
    )
    reason = EncryptedText(required=True)
    text = EncryptedText(required=True)

    def _get_neutral_name(self):
        return self.env._("Amendment %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        amendments = super().create(vals_list)
        for encounter in amendments.encounter_id:
            if encounter.state == "draft":
                raise UserError(self.env._("A draft is changed, not amended."))
            encounter.with_context(clinic_signing=SIGNING).write({"state": "amended"})
        return amendments

    def write(self, vals):
        raise AccessError(self.env._("Amendments stay as they were written."))
