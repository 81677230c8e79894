from odoo import api, models


class ClinicScore(models.Model):
    _inherit = "clinic.score"

    @api.model
    def _get_more_features(self):
        return super()._get_more_features() | {
            "assisted": lambda facts: facts["is_assisted"]
        }

    @api.model
    def _get_feature_labels(self):
        labels = super()._get_feature_labels()
        return labels | {"assisted": self.env._("With an assistant")}
