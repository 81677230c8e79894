from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_amount

from odoo.addons.clinic_base.models.imports.name_lookup import AskedError
from odoo.addons.clinic_base.tools.list_rows import read_money

# Columns that say a balance, and what they say it with.
SIGNS = {"balance": 1, "advance": 1, "debt": -1}


class ClinicListBalances(models.AbstractModel):
    """What payers owed, or had paid ahead, on the day of the move: one balanced posted
    entry, a receivable line each. Positive is the patient's money, negative a debt."""

    _name = "clinic.list.balances"
    _description = "List of opening balances"
    _inherit = ["clinic.list.mixin"]

    _rules = (
        ("card_number", r"карт|^card|код пац|код клиента"),
        ("debt", r"долг|задолж|^debt|должен"),
        ("advance", r"аванс|предоплат|^advance|депозит"),
        ("balance", r"баланс|остаток|сальдо|^balance|сумма"),
        ("patient", r"пациент|клиент|ф\W{0,2}и\W{0,2}о|^patient|^name"),
    )
    _needed = "card_number"

    @api.model
    def _get_sample(self):
        titles = [
            self.env._("Card number"),
            self.env._("Debt"),
            self.env._("Advance"),
            self.env._("Balance"),
            self.env._("Patient"),
        ]
        return titles, [
            ["0000001", 3000, None, None, None],
            ["0000002", None, 1500, None, None],
            ["0000003", None, None, -200, None],
        ]

    def _take(self, values, run, lookup):
        balance = self._get_balance(values)
        patient = self._find_card(values, lookup)
        if not balance:
            return False
        company = run.company_id
        if known := self._get_known(patient, company):
            amount = -sum(known.mapped("balance"))
            if company.currency_id.compare_amounts(amount, balance):
                raise AskedError(
                    self.env._(
                        "The card %(card)s has an opening balance of %(amount)s"
                        " already.",
                        card=patient.card_number,
                        amount=format_amount(self.env, amount, company.currency_id),
                    )
                )
            return False
        if patient.id in lookup.seen:
            raise UserError(
                self.env._(
                    "The card %(card)s stands in the file twice: write one sum.",
                    card=patient.card_number,
                )
            )
        lookup.seen.add(patient.id)
        return True

    def _get_balance(self, values):
        """:raises UserError: none is said, or two that may contradict each other"""
        said = [
            (name, self._read(values, name, read_money))
            for name in SIGNS
            if name in values
        ]
        sums = [(name, amount) for name, amount in said if amount]
        if not said:
            raise UserError(self.env._("The row says no balance."))
        if len(sums) > 1 or any(
            amount < 0 for name, amount in sums if name != "balance"
        ):
            raise UserError(self.env._("The sums of the row contradict each other."))
        return float(sum((SIGNS[name] * amount for name, amount in sums), Decimal(0)))

    def _find_card(self, values, lookup):
        """The card of the number, if the name beside it is not another person's."""
        return lookup.find_card(
            values.get("card_number", ""), values.get("patient", "")
        )

    @api.model
    def _get_known(self, patient, company):
        """The opening lines of the person that stand, of merged cards too."""
        return self.env["account.move.line"].search(
            [
                ("company_id", "=", company.id),
                ("clinic_opening_key", "!=", False),
                ("clinic_patient_id", "in", patient._get_aliases().ids),
                ("parent_state", "=", "posted"),
                ("move_id.reversal_move_ids", "=", False),
            ]
        )

    @api.model
    def _get_key(self, patient, company):
        """Once for each card and company; again when the entry was reversed."""
        start = f"{company.id}:{patient.id}:"
        earlier = self.env["account.move.line"].search_count(
            [("clinic_opening_key", "=like", f"{start}%")]
        )
        return f"{start}{earlier}"

    def _finish(self, run, taken, lookup):
        """Post the entry of the day, and say what its sums are."""
        if not taken:
            return ""
        lines = [self._prepare_line(values, run, lookup) for values in taken]
        total = run.company_id.currency_id.round(sum(line["balance"] for line in lines))
        move = (
            self.env["account.move"]
            ._as_engine()
            .create(
                {
                    "move_type": "entry",
                    "company_id": run.company_id.id,
                    "date": run.opening_date,
                    "ref": self.env._("Opening balances"),
                    "line_ids": [
                        Command.create(line)
                        for line in (*lines, self._prepare_counterpart(run, -total))
                    ],
                }
            )
        )
        move.action_post()
        debts = sum(max(line["balance"], 0) for line in lines)
        advances = sum(max(-line["balance"], 0) for line in lines)
        return self.env._(
            "Entry %(entry)s: debts %(debts)s, advances %(advances)s, payers %(count)s."
            " Compare with the sums of the file.",
            entry=move.name,
            debts=format_amount(self.env, debts, run.company_id.currency_id),
            advances=format_amount(self.env, advances, run.company_id.currency_id),
            count=len(lines),
        )

    def _tell_rest(self, run, rest):
        """With the sums of the entry these make those of the file."""
        left = [row for s in ("asked", "refused", "left") for row in rest.get(s, ())]
        for label, rows in (
            (self.env._("There already"), rest.get("known", [])),
            (self.env._("Not taken"), left),
        ):
            debts, advances, unread = self._sum_up(rows)
            if not rows:
                continue
            yield self.env._(
                "%(label)s: debts %(debts)s, advances %(advances)s, rows %(count)s.",
                label=label,
                debts=format_amount(self.env, debts, run.company_id.currency_id),
                advances=format_amount(self.env, advances, run.company_id.currency_id),
                count=len(rows),
            )
            if unread:
                yield self.env._(
                    "Of them without a sum that can be read: %(count)s.", count=unread
                )

    def _sum_up(self, rows):
        """(debts, advances, rows that say no sum)."""
        debts = advances = unread = 0
        for values in rows:
            try:
                balance = self._get_balance(values)
            except UserError:
                unread += 1
                continue
            debts += max(-balance, 0)
            advances += max(balance, 0)
        return debts, advances, unread

    def _prepare_line(self, values, run, lookup):
        patient = self._find_card(values, lookup)
        payer = patient._get_private_payer(run.opening_date)
        balance = self._get_balance(values)
        company = run.company_id
        receivable = payer.with_company(company).property_account_receivable_id
        # Sudo: which account advances are kept on is a setting.
        advances = company.sudo()._get_advance_account()
        return {
            "account_id": (receivable if balance < 0 else advances).id,
            "partner_id": payer.id,
            "clinic_patient_id": patient.id,
            "name": self.env._("Opening balance"),
            "balance": -balance,
            "clinic_opening_key": self._get_key(patient, company),
        }

    def _prepare_counterpart(self, run, balance):
        return {
            "account_id": run._get_opening_account().id,
            "name": self.env._("Opening balances of patients"),
            "balance": balance,
        }


class ClinicListImport(models.TransientModel):
    _inherit = "clinic.list.import"

    opening_date = fields.Date(
        string="Day of the balances",
        default=lambda self: self.env.company._get_clinic_today(),
    )
    opening_account_id = fields.Many2one(
        "account.account",
        string="Against account",
        check_company=True,
        help="What balances the entry. Empty: the year's result that is not given out.",
    )

    @api.model
    def _get_kinds(self):
        balances = ("clinic.list.balances", self.env._("Opening balances of payers"))
        return {**super()._get_kinds(), "balances": balances}

    def _get_opening_account(self):
        return (
            self.opening_account_id
            # Sudo: which account that is, every accountant may know.
            or self.company_id.sudo().get_unaffected_earnings_account()
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    clinic_opening_key = fields.Char(
        readonly=True, copy=False, help="Whose opening balance the line is, once."
    )

    _clinic_opening_once = models.UniqueIndex(
        "(clinic_opening_key) WHERE clinic_opening_key IS NOT NULL",
        "This payer has an opening balance already.",
    )
