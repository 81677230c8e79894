from odoo import models


class AccountMove(models.Model):
    """What receipts tell of entries by which money came."""

    _inherit = "account.move"

    def _get_waiting(self):
        """``{charge: sum of the money of self that waits for it}``."""
        credits = self._get_credit_lines()
        waiting = {}
        for line in credits.filtered(lambda one: one.move_id.clinic_reserve_id):
            charge = line.move_id.clinic_reserve_id
            waiting[charge] = waiting.get(charge, 0.0) - line.amount_residual
        charges = self.env["clinic.charge"]._find_coming(credits.partner_id)
        for charge, parts in charges._get_allocations().items():
            own = sum(amount for item, amount in parts if item in credits)
            if own:
                waiting[charge] = waiting.get(charge, 0.0) + own
        return {charge: amount for charge, amount in waiting.items() if amount}

    def _get_event(self):
        """The entry that stands for all that was handed over, or went back, at once."""
        payment = self.origin_payment_id
        payment = payment._get_source() or payment
        return payment._get_event_payment().move_id or self

    def _get_source_key(self):
        """Of the money, in keys of receipts."""
        return self.origin_payment_id.id or f"move{self.id}"
