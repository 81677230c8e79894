from odoo import models
from odoo.fields import Command

from ...tools.receipts import spread


class AccountMove(models.Model):
    """What is taken off an invoice, by a credit note of its lines."""

    _inherit = "account.move"

    def _get_nets(self):
        """``{invoice: {charge: what is left of it after credit notes}}``, with taxes.

        Of what stands on an invoice without a charge, the key is an empty charge.
        """
        notes = self.filtered(lambda move: move.move_type == "out_refund")
        invoices = (self - notes) | notes.reversed_entry_id
        invoices = invoices.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        notes = invoices.reversal_move_ids.filtered(
            lambda move: move.move_type == "out_refund" and move.state == "posted"
        )
        nets = {invoice: {} for invoice in invoices}
        for line in (invoices | notes).invoice_line_ids:
            move, charge = line.move_id, line.clinic_charge_id
            net = nets[move if move in nets else move.reversed_entry_id]
            sign = 1 if move in nets else -1
            net[charge] = net.get(charge, 0.0) + sign * line.price_total
        return nets

    def _spread_residual(self, nets):
        """``{charge: what is not paid of it}`` of one invoice.

        :param nets: what is left of each charge (:meth:`_get_nets`)
        """
        weights = [max(net, 0.0) for net in nets.values()]
        # Money that the bank has not confirmed yet has been paid, too.
        if not any(weights) or self.payment_state == "in_payment":
            return dict.fromkeys(nets, 0.0)
        digits = self.currency_id.decimal_places
        return dict(
            zip(nets, spread(self.amount_residual, weights, digits), strict=True)
        )

    def _spread_credit(self, amount):
        """``{invoice line: its part of amount}`` by what is left of each charge."""
        [nets] = self._get_nets().values()
        lines = self.invoice_line_ids.filtered(
            lambda line: nets[line.clinic_charge_id] > 0 and line.price_total
        )
        weights = [nets[line.clinic_charge_id] for line in lines]
        digits = self.currency_id.decimal_places
        return dict(zip(lines, spread(amount, weights, digits), strict=True))

    def _credit(self, amounts, day=None):
        """A posted credit note that takes ``amounts`` off the invoice ``self``.

        :param amounts: {invoice line: sum to take off, taxes included}
        :param day: its date; today if left out
        """
        self.ensure_one()
        note = self.create(
            {
                "move_type": "out_refund",
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "currency_id": self.currency_id.id,
                "invoice_date": day,
                "clinic_patient_id": self.clinic_patient_id.id,
                "reversed_entry_id": self.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": line.product_id.id,
                            "name": line.name,
                            "account_id": line.account_id.id,
                            "quantity": 1.0,
                            "price_unit": part
                            * line.price_unit
                            * line.quantity
                            / line.price_total,
                            "tax_ids": [Command.set(line.tax_ids.ids)],
                            "analytic_distribution": line.analytic_distribution,
                            "clinic_charge_id": line.clinic_charge_id.id,
                            "clinic_patient_id": line.clinic_patient_id.id,
                        }
                    )
                    for line, part in amounts.items()
                    if part and line.price_total
                ],
            }
        )
        note._post(soft=False)
        return note

    def _apply_credit_notes(self):
        """Credit notes among ``self``, by whichever button they are posted."""
        for note in self.filtered(
            lambda move: (
                move.move_type == "out_refund"
                and move.reversed_entry_id.state == "posted"
                and move._is_of_clinic()
            )
        ):
            # Whoever may post the note need not be allowed to move money.
            with self.env["clinic.receipt"]._telling():
                note.sudo()._apply_credit()

    def _apply_credit(self):
        """The note lowers its invoice; money that had paid that part is free again."""
        invoice = self.reversed_entry_id
        note_line = self._get_receivable_lines().filtered(
            lambda line: not line.reconciled
        )
        debt = invoice._get_receivable_lines()
        if not note_line or not debt:
            return
        wanted = -sum(note_line.mapped("amount_residual"))
        currency = self.company_id.currency_id
        for partial in debt.matched_credit_ids.sorted("id", reverse=True):
            open_ = sum(debt.mapped("amount_residual"))
            if currency.compare_amounts(open_, wanted) >= 0:
                break
            if partial.credit_move_id.move_id.move_type != "out_refund":
                partial.unlink()
        (note_line + debt).filtered(lambda line: not line.reconciled).reconcile()
        # What the freed money had paid beside is paid again.
        self.env["clinic.match"]._match(self.commercial_partner_id)
