from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _is_private_payer(self):
        """Whether a natural person pays for themselves or for their family."""
        self.ensure_one()
        sources = self.env["clinic.payment.source"].with_context(active_test=False)
        return not self.commercial_partner_id.is_company and not sources.search_count(
            [("partner_id", "=", self.id)], limit=1
        )
