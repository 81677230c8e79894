from odoo import api, models


class ClinicPhrase(models.Model):
    _inherit = "clinic.phrase"

    @api.model
    def _get_fields(self):
        """The texts of a protocol."""
        labels = self.env["clinic.encounter"].fields_get(
            ["complaint", "history", "examination", "conclusion", "recommendations"],
            ["string"],
        )
        texts = [(name, label["string"]) for name, label in labels.items()]
        return [*super()._get_fields(), *texts]
