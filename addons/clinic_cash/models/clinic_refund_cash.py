from odoo import models


class ClinicRefund(models.Model):
    """Money goes back out of a till, and through the terminal that took it."""

    _inherit = "clinic.refund"

    def _find_cash_journal(self):
        """The till of the user's open shift, else of any that is open."""
        shifts = self.env["clinic.cash.shift"].search(
            [("state", "=", "open"), ("company_id", "=", self.company_id.id)]
        )
        own = shifts.filtered(lambda shift: shift.user_id == self.env.user)
        till = (own or shifts)[:1].desk_id.journal_id
        return till or super()._find_cash_journal()

    def _check_journal(self, journal):
        """Money leaves a till that the user works at, with enough cash in it.

        :raises AccessError: at the desks of others' branches
        :raises UserError: without an open shift, or for more cash than there is
        """
        super()._check_journal(journal)
        # The desk is looked for among all, then its own rules decide.
        desk = (
            self.env["clinic.cash.desk"]
            .sudo()
            .search(
                [
                    "|",
                    ("journal_id", "=", journal.id),
                    ("terminal_journal_id", "=", journal.id),
                ]
            )
        )
        if not desk:
            return
        desk.sudo(False).check_access("read")
        shift = desk._get_open_shift()
        if journal == desk.journal_id:
            shift._check_cash(self.amount)

    def _give_back_to_card(self):
        """Through the desk's terminal, if that took the money."""
        # The role has been checked; who gives back need not see all journals.
        refund = self.sudo()
        journal = refund.payment_id.journal_id
        if not refund.payment_id._is_of_terminal():
            return super()._give_back_to_card()
        self._check_journal(journal)
        refund._pay_out(journal)
        return None
