from odoo import fields, models


class ClinicScreeningQuestionnaire(models.Model):
    """What the site asks somebody who does not know whom to see."""

    _name = "clinic.screening.questionnaire"
    _description = "Screening questionnaire"
    _inherit = ["clinic.archive.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    is_published = fields.Boolean(string="On the site")
    question_ids = fields.One2many(
        "clinic.screening.question", "questionnaire_id", string="Questions"
    )
