from odoo import fields, models

from ...models.pricing.clinic_visit_profile import TERMS


class ClinicProfileRevise(models.TransientModel):
    """Other prices for many patients at once, from a day on."""

    _name = "clinic.profile.revise"
    _description = "Change prices from a day on"

    profile_ids = fields.Many2many("clinic.visit.profile", required=True)
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    date = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
        help="What was before that day stays as it was.",
    )
    price_mode = fields.Selection(
        [("list", "By the price list"), ("fixed", "Fixed"), ("discount", "Discount")],
        string="Price",
        required=True,
        default="discount",
    )
    price = fields.Monetary(string="Fixed price")
    discount = fields.Float(string="Discount (%)", digits=(5, 2))
    specialist_share = fields.Float(
        string="Specialist's share (%)", digits=(5, 2), help="0: as the rules say."
    )
    contract_number = fields.Char()
    reprice = fields.Boolean(
        string="Booked visits too",
        default=True,
        help="Visits from that day on that are booked already and not invoiced yet.",
    )

    def action_revise(self):
        """Put the new terms into force."""
        terms = {name: self[name] for name in TERMS}
        self.profile_ids.check_access("write")
        # The right to write the profiles has been checked; prices of charges follow.
        self.profile_ids.sudo()._revise(self.date, terms, self.reprice)
        return {"type": "ir.actions.act_window_close"}
