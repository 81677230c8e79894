from odoo import fields, models


class ClinicMatch(models.Model):
    _inherit = "clinic.match"

    rule = fields.Selection(
        selection_add=[("person", "Card or telephone named")],
        ondelete={"person": lambda matches: matches.write({"rule": "patient"})},
    )

    def _explain(self, invoice):
        if self.rule == "person":
            return self.env._(
                "The transfer names the patient's card or telephone and pays %s"
                " to the kopeck.",
                invoice,
            )
        return super()._explain(invoice)
