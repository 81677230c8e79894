from odoo import fields, models


class ClinicScreeningQuestion(models.Model):
    _name = "clinic.screening.question"
    _description = "Screening question"
    _inherit = ["clinic.archive.mixin"]
    _order = "questionnaire_id, sequence, id"

    questionnaire_id = fields.Many2one(
        "clinic.screening.questionnaire", required=True, index=True, ondelete="restrict"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question", required=True, translate=True)
    option_ids = fields.One2many(
        "clinic.screening.option", "question_id", string="Answers"
    )
