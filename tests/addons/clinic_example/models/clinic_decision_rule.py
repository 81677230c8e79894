from odoo import api, fields, models


class ClinicDecisionRule(models.Model):
    _inherit = "clinic.decision.rule"

    trigger = fields.Selection(
        selection_add=[("assistant_taken", "A visit takes an assistant")],
        ondelete={"assistant_taken": lambda rules: rules._lose_trigger()},
    )

    @api.model
    def _get_occasions(self):
        return super()._get_occasions() | {
            "assistant_taken": """
                SELECT id, create_date, 'assisted'
                  FROM clinic_appointment
                 WHERE assistant_id IS NOT NULL
            """
        }

    @api.model
    def _get_coming_triggers(self):
        return super()._get_coming_triggers() | {"assistant_taken"}
