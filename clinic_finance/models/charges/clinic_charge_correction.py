import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MAY_CORRECT = "clinic_base.group_accountant"
# When to invoice is the accountant's to choose; the rest has a rule behind it.
FREE_FIELDS = frozenset({"invoicing"})


class ClinicCharge(models.Model):
    """What of a charge may be put right by hand, and how."""

    _name = "clinic.charge"
    _inherit = ["clinic.engine.mixin", "clinic.payer.mixin", "clinic.charge"]
    # Bookings, packages and invoices write charges after they have checked who calls.
    _engine_is_superuser = True

    log_ids = fields.One2many("clinic.charge.log", "charge_id", readonly=True)

    @api.model
    def _get_engine_fields(self):
        return self._fields.keys() - FREE_FIELDS

    def _raise_engine_only(self):
        raise UserError(
            self.env._(
                "Charges follow from visits and packages. Correct price, quantity or"
                " payer with “Correct”, which asks for the reason."
            )
        )

    def _get_payer_day(self):
        self.ensure_one()
        return self.date

    def action_correct(self, vals, reason):
        """Put price, quantity or payer right before the invoice is made.

        :param dict vals: any of ``price`` (of one), ``qty``, ``payer_id``
        :param str reason: why, in words; nothing medical
        :raises AccessError: for others than accountants and finance managers
        :raises UserError: no reason, a value that cannot be, or invoiced already
        """
        self.check_access("read")
        if not self.env.user.has_group(MAY_CORRECT):
            raise AccessError(self.env._("Ask an accountant."))
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the charge is corrected."))
        # Whether free money covers it is read from entries that others keep.
        if self - self.sudo()._filtered_coming().sudo(False):
            raise UserError(
                self.env._(
                    "The charge is invoiced or cancelled already. Correct its invoice."
                )
            )
        vals = self._parse_correction(vals)
        # The role has been checked; charges are not theirs to edit.
        charges = self.sudo()
        payers = charges.payer_id
        for charge in charges:
            charge._correct(vals, reason.strip())
        charges._cover(payers | charges.payer_id)
        return True

    @api.model
    def _parse_correction(self, vals):
        """``vals`` as they may be written.

        :raises UserError: an unknown key, or something that is no sum or partner
        """
        if not isinstance(vals, dict) or not vals.keys() <= {
            "price",
            "qty",
            "payer_id",
        }:
            raise UserError(self.env._("Only price, quantity and payer are corrected."))
        for name in vals.keys() & {"price", "qty"}:
            if not _is_sum(vals[name]):
                raise UserError(self.env._("Price and quantity are positive numbers."))
        if "payer_id" in vals:
            payer_id = vals["payer_id"]
            # Whether such a partner may pay is checked as superuser below.
            partners = self.env["res.partner"].sudo()
            if type(payer_id) is not int or not partners.browse(payer_id).exists():
                raise UserError(self.env._("Choose who pays."))
        return vals

    def _correct(self, vals, reason):
        self.ensure_one()
        changed = {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_cache(value, self)
            != self._fields[name].convert_to_cache(self[name], self)
        }
        if not changed:
            return
        old = {name: self._describe(name) for name in changed}
        self.write({**changed, **self._prepare_consequences(changed)})
        self._leave_requests()
        self.env["clinic.charge.log"]._as_engine().create(
            [
                {
                    "charge_id": self.id,
                    "changed": name,
                    "old": old[name],
                    "new": self._describe(name),
                    "reason": reason,
                }
                for name in changed
            ]
        )

    def _renew_payers(self):
        """Let who pays on its day pay what is not invoiced yet, where the payer does
        not any more: a relation has ended or the visit has moved behind its end."""
        lost = self._filtered_lost_payer()._filtered_coming()
        payers = lost.payer_id
        for charge in lost:
            payer = charge.patient_id._get_private_payer(charge.date)
            reason = self.env._("The payer does not pay on the day of the visit.")
            charge._correct({"payer_id": payer.id}, reason)
        self._cover(payers | lost.payer_id)

    def _prepare_consequences(self, changed):
        """What no longer holds of a charge when ``changed`` is written."""
        vals = {}
        if "price" in changed:
            vals |= {"price_reason": "manual", "discount": 0.0}
        source_payer = self.payment_source_id.partner_id
        if "payer_id" in changed and changed["payer_id"] != source_payer.id:
            vals["payment_source_id"] = False
        return vals

    def _describe(self, name):
        value = self[name]
        if name == "price":
            return self.currency_id.format(value)
        return value.display_name if name == "payer_id" else f"{value:g}"


def _is_sum(value):
    return type(value) in (int, float) and 0 <= value < 1e12 and math.isfinite(value)
