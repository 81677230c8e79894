from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

FEES = ("late_cancel", "no_show")
MAY_WAIVE = ("clinic_base.group_registrar_chief", "clinic_base.group_finance_manager")


class ClinicCharge(models.Model):
    """Fees for visits that were given up late or missed, and their waiver."""

    _inherit = "clinic.charge"

    waived_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    waived_on = fields.Datetime(readonly=True, copy=False)
    waive_reason = fields.Char(readonly=True, copy=False)

    @api.model
    def _create_fees(self, kind, visits):
        """Charge ``visits`` that fell through the percentage that their branch takes.

        Of what they would have cost; a visit out of a package costs the package one
        visit and no fee.

        :param kind: ``late_cancel`` or ``no_show``
        """
        vals_list = []
        service = self.env.ref(f"clinic_finance.product_{kind}").sudo()
        for visit in visits:
            percent = visit.branch_id[f"{kind}_percent"]
            # What an insurer or an employer would have paid is none of the patient's.
            charges = visit.charge_ids.filtered(
                lambda charge: (
                    charge.kind == "service"
                    and charge.state != "cancelled"
                    and charge.is_private
                )
            )
            price = sum(charges.mapped("amount")) * percent / 100
            if price:
                charge = charges[0]
                vals_list.append(
                    {
                        "kind": kind,
                        "appointment_id": visit.id,
                        "patient_id": visit.patient_id.id,
                        "service_id": service.id,
                        "specialist_id": visit.specialist_id.id,
                        "branch_id": visit.branch_id.id,
                        "company_id": visit.branch_id.company_id.id,
                        "date": fields.Date.context_today(
                            self.with_context(tz=visit.branch_id.tz),
                            self.env.cr.now(),
                        ),
                        "list_price": charge.currency_id.round(price),
                        "price": charge.currency_id.round(price),
                        "price_reason": "fee",
                        "payer_id": visit.patient_id._get_private_payer().id,
                    }
                )
        return self.create(vals_list)

    def action_waive(self, reason):
        """Let the patient off a fee; an invoice that was made is taken back.

        :param reason: why, in words
        :raises AccessError: for others than chief registrars and finance managers
        :raises UserError: no reason, or no fee
        """
        self.check_access("read")
        self._check_may_waive()
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why the fee is waived."))
        if self.filtered(lambda fee: fee.kind not in FEES or fee.state == "cancelled"):
            raise UserError(self.env._("Only a fee that is still asked can be waived."))
        # The role has been checked; charges and invoices are not theirs to edit.
        fees = self.sudo()
        fees._cancel()
        return fees.write(
            {
                "waived_by_id": self.env.uid,
                "waived_on": self.env.cr.now(),
                "waive_reason": reason,
            }
        )

    @api.model
    def _check_may_waive(self):
        """:raises AccessError: for others than chief registrars and finance managers"""
        if not any(map(self.env.user.has_group, MAY_WAIVE)):
            raise AccessError(
                self.env._("Ask the chief registrar or the finance manager.")
            )
