from odoo import api, fields, models
from odoo.tools.misc import formatLang


class ClinicShareTier(models.Model):
    """What a specialist gets of what lies above a threshold in a calendar month."""

    _name = "clinic.share.tier"
    _description = "Step of a specialist's share"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _archived_with_reason = False
    _order = "rule_id, threshold"

    rule_id = fields.Many2one(
        "clinic.share.rule", required=True, index=True, ondelete="restrict"
    )
    threshold = fields.Float(
        string="Above",
        required=True,
        digits=(16, 2),
        help="Visits, or a sum in the company's currency, of a calendar month.",
    )
    percent = fields.Float(string="Share (%)", required=True, digits=(5, 2))

    _once = models.UniqueIndex(
        "(rule_id, threshold) WHERE active", "There is such a step already."
    )
    _threshold_positive = models.Constraint(
        "CHECK (threshold > 0)", "A step begins above zero."
    )
    _share_within_price = models.Constraint(
        "CHECK (percent BETWEEN 0 AND 100)", "A share is between 0 and 100 percent."
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "threshold": (0, 10**9),
        }

    @api.depends("threshold", "percent")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for tier in self:
            tier.display_name = self.env._(
                "above %(threshold)s: %(percent)s %%",
                threshold=tier._format_number(tier.threshold),
                percent=tier._format_number(tier.percent),
            )

    def _format_number(self, number):
        """``number`` in the reader's way, without kopecks where there are none."""
        return formatLang(self.env, number, digits=0 if number.is_integer() else 2)

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.rule_id._check_not_counted()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        self.rule_id._check_not_counted()
        return result
