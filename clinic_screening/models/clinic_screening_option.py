from odoo import api, fields, models


class ClinicScreeningOption(models.Model):
    _name = "clinic.screening.option"
    _description = "Screening answer"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "question_id, sequence, id"

    question_id = fields.Many2one(
        "clinic.screening.question", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Answer", required=True, translate=True)
    problem_category_id = fields.Many2one(
        "clinic.problem.category", string="Points to", ondelete="restrict"
    )
    weight = fields.Integer(default=1, help="How strongly the answer points there.")
    urgent = fields.Boolean(
        help="The site tells to call an ambulance instead of offering times."
    )

    _weight_positive = models.Constraint(
        "CHECK (weight >= 0)", "A weight cannot be negative."
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "weight": (-1000, 1000),
        }
