from odoo import api, fields, models


class ClinicDecisionFact(models.Model):
    _inherit = "clinic.decision.fact"

    is_assisted = fields.Boolean(string="With an assistant")

    @api.model
    def _get_more_facts(self):
        return super()._get_more_facts() | {
            "is_assisted": "visit.assistant_id IS NOT NULL"
        }
