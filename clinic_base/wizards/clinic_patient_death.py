from odoo import api, fields, models


class ClinicPatientDeath(models.TransientModel):
    """The day of a patient's death, and what ends with it."""

    _name = "clinic.patient.death"
    _description = "Death of a patient"

    patient_id = fields.Many2one("clinic.patient", required=True, readonly=True)
    deceased_on = fields.Date(
        string="Died on",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    ties = fields.Text(string="What ends", compute="_compute_ties")

    @api.depends("patient_id")
    def _compute_ties(self):
        for wizard in self:
            wizard.ties = "\n".join(wizard.patient_id._get_ties())

    def action_confirm(self):
        """The caller's own right to write the card decides."""
        self.ensure_one()
        self.patient_id.deceased_on = self.deceased_on
        return self.patient_id._get_ended_action()
