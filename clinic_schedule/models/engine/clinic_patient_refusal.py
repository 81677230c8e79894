from odoo import api, fields, models


class ClinicPatientRefusal(models.Model):
    """A patient and a specialist who are not to meet, whoever of them wished it."""

    _name = "clinic.patient.refusal"
    _description = "Refusal"
    _inherit = ["clinic.archive.mixin"]

    patient_id = fields.Many2one("clinic.patient", required=True, ondelete="restrict")
    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
        help="Who has noted it. It holds in the whole network.",
    )

    _once = models.UniqueIndex(
        "(patient_id, specialist_id) WHERE active", "The refusal is noted already."
    )

    @api.model
    def _get_patient_merge_domain(self, kept):
        """A refusal that the kept card has as well is enough once."""
        noted = self.search([("patient_id", "=", kept.id)])
        others = ("specialist_id", "not in", noted.specialist_id.ids)
        return ["|", ("active", "=", False), others]

    @api.depends("specialist_id")
    def _compute_display_name(self):
        for refusal in self:
            refusal.display_name = self.env._("Refusal %(id)s", id=refusal.id)
