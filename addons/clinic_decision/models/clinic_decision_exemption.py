from odoo import fields, models


class ClinicDecisionExemption(models.Model):
    """Patients whom no rule ever touches: by name or by category."""

    _name = "clinic.decision.exemption"
    _description = "Exception from the rules"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "reason"

    patient_id = fields.Many2one("clinic.patient", index=True, ondelete="restrict")
    category_id = fields.Many2one(
        "clinic.patient.category", string="Patient category", ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    date_to = fields.Date(string="Until", help="Empty: for ever.")
    reason = fields.Char(required=True, help="Nothing about health.")

    _somebody = models.Constraint(
        "CHECK ((patient_id IS NULL) <> (category_id IS NULL))",
        "An exception is for one patient or for one category.",
    )

    def _find_exempt(self, facts):
        """Those of ``facts`` that no rule may touch."""
        rows = self.search(
            [
                "|",
                ("patient_id", "in", facts.patient_id.ids),
                ("category_id", "in", facts.category_id.ids),
            ]
        )
        patients = rows.filtered("patient_id").grouped("patient_id")
        categories = rows.filtered("category_id").grouped("category_id")

        def is_exempt(fact):
            found = patients.get(fact.patient_id, rows.browse()) | categories.get(
                fact.category_id, rows.browse()
            )
            day = fact.moment.date()
            return any(not row.date_to or row.date_to >= day for row in found)

        return facts.filtered(is_exempt)
