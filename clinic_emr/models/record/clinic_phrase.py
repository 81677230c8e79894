from odoo import api, fields, models


class ClinicPhrase(models.Model):
    """Phrases are for the texts of a protocol."""

    _inherit = "clinic.phrase"

    field = fields.Selection(
        "_get_fields", help="Where it is offered. Empty: in every field."
    )

    @api.model
    def _get_fields(self):
        """Hook: ``(name, label)`` of the texts that phrases are for."""
        labels = self.env["clinic.encounter"].fields_get(
            ["complaint", "history", "examination", "conclusion", "recommendations"],
            ["string"],
        )
        return [(name, label["string"]) for name, label in labels.items()]
