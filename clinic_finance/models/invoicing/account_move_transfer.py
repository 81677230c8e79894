from odoo import api, fields, models
from odoo.fields import Command


class AccountMove(models.Model):
    """Money on its way within a payer's account: from the advances to what is rendered,
    back again, and to what is kept for a package.

    One entry each, so that every turnover has its day; it changes no balance.
    """

    _inherit = "account.move"

    clinic_money_id = fields.Many2one(
        "account.move",
        string="Money of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry by which the money came that this one moves.",
    )
    clinic_reserve_id = fields.Many2one(
        "clinic.charge",
        string="Kept for",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The package that the money has been paid for.",
    )

    def _get_money(self):
        """The entries by which the money came that ``self`` holds."""
        return self.clinic_money_id | self.filtered(lambda one: not one.clinic_money_id)

    def _get_credit_lines(self):
        """Every item that holds, or held, money that came by the entries ``self``."""
        transfers = self.search(
            [("clinic_money_id", "in", self.ids), ("state", "=", "posted")]
        )
        return (
            (self | transfers)
            ._get_receivable_lines()
            .filtered(lambda line: line.balance < 0)
        )

    def _get_money_partials(self):
        """What the money of ``self`` has paid, in the order of matching."""
        return (
            self._get_credit_lines()
            .matched_debit_ids.filtered(
                lambda partial: not partial.debit_move_id.move_id.clinic_money_id
            )
            .sorted("id")
        )

    @api.model
    def _transfer(self, wanted):
        """Move free money; returns the entries in the order of ``wanted``.

        :param wanted: list of :class:`Transfer`
        """
        moves = self.create([self._prepare_transfer_vals(one) for one in wanted])
        moves._post(soft=False)
        self.env["account.move.line"]._reconcile_plan(
            [
                one.credit + move.line_ids.filtered(lambda line: line.balance > 0)
                for one, move in zip(wanted, moves, strict=True)
            ]
        )
        return moves

    @api.model
    def _prepare_transfer_vals(self, wanted):
        credit = wanted.credit
        company = credit.company_id
        journal = self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        payer = wanted.payer or credit.partner_id
        common = {
            "name": self.env._("Offset of an advance"),
            "clinic_patient_id": credit.clinic_patient_id.id,
        }
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "company_id": company.id,
            "date": wanted.day,
            "clinic_patient_id": credit.clinic_patient_id.id,
            "clinic_branch_id": (
                wanted.branch
                or (wanted.reserve and wanted.reserve.branch_id)
                or credit.move_id.clinic_branch_id
            ).id,
            "clinic_money_id": credit.move_id._get_money().id,
            "clinic_reserve_id": wanted.reserve and wanted.reserve.id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "partner_id": credit.partner_id.id,
                        "account_id": credit.account_id.id,
                        "debit": wanted.amount,
                    }
                ),
                Command.create(
                    {
                        **common,
                        "partner_id": payer.id,
                        "account_id": wanted.account.id,
                        "credit": wanted.amount,
                    }
                ),
            ],
        }

    def _release(self, amount):
        """Have ``amount`` of the money of ``self`` free among the advances.

        What is free goes first, then what is kept for packages, then what has been paid
        with it, the latest first.

        :return: the items that hold it
        """
        currency = self.company_id.currency_id
        for step in (self._release_reserve, self._release_paid):
            if currency.compare_amounts(self._get_free_amount(), amount) < 0:
                step(amount)
        # What had paid first waits first, too.
        self.env["clinic.match"]._sweep(self._get_credit_lines().sorted("id"))
        return self._get_free_lines()

    def _get_free_lines(self):
        return self._get_credit_lines().filtered(
            lambda line: line.amount_residual < 0 and not line.move_id.clinic_reserve_id
        )

    def _get_free_amount(self):
        return -sum(self._get_free_lines().mapped("amount_residual"))

    def _release_reserve(self, _amount):
        """What is kept for packages becomes free: they are paid for no longer."""
        kept = self._get_credit_lines().move_id.clinic_reserve_id
        kept._release_package()

    def _release_paid(self, amount):
        currency = self.company_id.currency_id
        for partial in self._get_money_partials().sorted("id", reverse=True):
            if currency.compare_amounts(self._get_free_amount(), amount) >= 0:
                return
            partial.unlink()
