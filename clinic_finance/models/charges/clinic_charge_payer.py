from odoo import models
from odoo.fields import Command

# What a charge keeps when somebody else pays for it.
AGREED = (
    "list_price",
    "discount",
    "price_reason",
    "date",
    "qty",
    "share",
    "share_fixed",
)


class ClinicCharge(models.Model):
    """Charges follow who pays for their visit, as long as they are not invoiced."""

    _inherit = "clinic.charge"

    def _prepare_agreed_vals(self):
        """What has been agreed of the service, whoever pays for it."""
        names = (*AGREED, "appointment_id", "request_id", "patient_id", "service_id")
        names += ("specialist_id", "branch_id", "company_id", "share_rule_id")
        values = self._read_format(names, load=None)[0]
        return {name: values[name] for name in names}

    def _share_anew(self, parts):
        """``self``, all of one service of a visit, become charges of values ``parts``.

        A charge of the same payer stays that payer's; others that are too many, and
        visits drawn from a package, are withdrawn.
        """
        self._apply_packages(parts, is_booking=True)
        self.env["clinic.share.rule"]._share(parts)
        kept = self - self._filtered_draws()
        by_payer = kept.grouped(lambda charge: charge.payer_id.id)
        pairs, fresh = [], []
        for part in parts:
            same = by_payer.get(part["payer_id"], self.browse())[:1]
            pairs.append((same, part))
            kept -= same
        for same, part in pairs:
            charge = same or kept[:1]
            kept -= charge
            fresh.append((charge, part))
        (kept | self._filtered_draws())._cancel()
        for charge, part in fresh:
            if charge:
                charge._as_engine().write(part)
            else:
                self.create(part)
        self._leave_requests()

    def _leave_requests(self):
        """Requests to pay ask their payer for nothing that somebody else pays now."""
        requests = self.payment_request_ids
        for request in requests:
            others = request.charge_ids.filtered(
                lambda charge, payer=request.payer_id: charge.payer_id != payer
            )
            if others:
                request._as_engine().charge_ids = [
                    Command.unlink(charge.id) for charge in others
                ]
        requests._close_empty()
