from datetime import timedelta

from odoo import models

from ..tools.acquiring import Taken, find_lump, read_fee
from ..tools.purpose import is_lump

# How long an acquirer keeps money at most.
DAYS = 14


class AccountBankStatementLine(models.Model):
    """Lumps of the acquirer: payments by card that are on their way (57.03), and the
    commission that was kept of them (91.02.01)."""

    _inherit = "account.bank.statement.line"

    def _find_lumps(self):
        """``{line: Lump}`` of those of the lines that come from an acquirer; a payment
        is in one of them."""
        lumps = self.filtered(
            lambda line: line.amount > 0 and is_lump(line.payment_ref or "")
        )
        found = {}
        for company, lines in lumps.grouped("company_id").items():
            # Recognition follows the statement, whoever was allowed to import it.
            if company.sudo()._find_account("91.02.01"):
                taken = lines._find_taken(company)
                found |= lines.sorted("date")._choose_lumps(company, taken)
        return found

    def _choose_lumps(self, company, taken):
        unit = company.currency_id.rounding
        found, used = {}, set()
        for line in self:
            earliest = line.date - timedelta(days=DAYS)
            lump = find_lump(
                round(line.amount / unit),
                read_fee(line.payment_ref),
                [
                    Taken(
                        item.id,
                        item.date,
                        round(item.amount_residual / unit),
                        item.journal_id.id,
                    )
                    for item in taken
                    if earliest <= item.date <= line.date and item.id not in used
                ],
            )
            if lump:
                found[line] = lump
                used.update(lump.idents)
        return found

    def _find_taken(self, company):
        """Open items of payments by card that one of the lines may hold."""
        account = company.sudo()._find_account("57.03")
        return self.env["account.move.line"].search_fetch(
            [
                ("account_id", "=", account.id),
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("date", "<=", max(self.mapped("date"))),
                ("date", ">=", min(self.mapped("date")) - timedelta(days=DAYS)),
            ],
            ["amount_residual", "date", "journal_id"],
            order="date, id",
        )

    def _propose_lump(self, lump):
        """Show payments and commission to whoever reconciles the line."""
        self.ensure_one()
        liquidity, _suspense, _other = self._seek_for_lines()
        auxiliary, data = self._get_reconcile_line(
            liquidity, "liquidity", reconcile_auxiliary_id=1, move=True
        )
        for item in self.env["account.move.line"].browse(lump.idents):
            auxiliary, lines = self._get_reconcile_line(
                item,
                "other",
                is_counterpart=True,
                reconcile_auxiliary_id=auxiliary,
                move=True,
            )
            data += lines
        if lump.fee:
            fee = lump.fee * self.company_id.currency_id.rounding
            data.append(self._prepare_fee_line(fee, auxiliary))
            auxiliary += 1
        self.reconcile_data_info = self._recompute_suspense_line(
            data, auxiliary, self.manual_reference
        )

    def _prepare_fee_line(self, amount, auxiliary):
        company = self.company_id
        account = company.sudo()._find_account("91.02.01")
        return {
            "reference": f"reconcile_auxiliary;{auxiliary}",
            "id": False,
            "kind": "other",
            "account_id": [account.id, account.display_name],
            "partner_id": False,
            "date": self.date.isoformat(),
            "name": self.env._("Commission of the acquirer"),
            "amount": amount,
            "debit": amount,
            "credit": 0.0,
            "currency_id": company.currency_id.id,
            "line_currency_id": company.currency_id.id,
            "currency_amount": amount,
            "analytic_distribution": False,
        }
