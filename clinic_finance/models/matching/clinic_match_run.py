import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.matching import RULES, Credit, Debit, match
from ..charges.transfer import Transfer

_logger = logging.getLogger(__name__)

BATCH = 100  # payers


class ClinicMatch(models.Model):
    """Match the payers' free money with what they owe."""

    _inherit = "clinic.match"

    @api.model
    def _cron_match(self):
        """Payers with free money and debts, in batches; one bad payer stops no other.

        A payer whose items somebody else is working on waits for the next run.
        """
        cron = self.env["ir.cron"]
        last = 0
        while payers := self._find_payers(last):
            self._match(payers)
            last = payers.ids[-1]
            # What is left is not counted: it may be all money that has to wait.
            if not cron._commit_progress(len(payers)):
                self.env.ref("clinic_finance.ir_cron_match_payments")._trigger()
                break

    @api.model
    def _find_payers(self, after=0):
        """The next payers of patients with open items of both signs, or with free money
        that is not among the advances, by id."""
        items = self.env["account.move.line"]
        items.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.partner_id
                  FROM account_move_line item
                  JOIN res_company company ON company.id = item.company_id
                 WHERE item.account_id = ANY(%(accounts)s)
                   AND item.reconciled IS NOT TRUE
                   AND item.parent_state = 'posted'
                   AND item.partner_id > %(after)s
              GROUP BY item.partner_id, item.company_id, item.currency_id
                HAVING min(item.amount_residual) < 0
                   AND (max(item.amount_residual) > 0
                        OR bool_or(item.account_id IS DISTINCT FROM
                                   company.clinic_advance_account_id))
                   AND bool_or(item.clinic_patient_id IS NOT NULL)
              ORDER BY item.partner_id
                 LIMIT %(limit)s
                """,
                accounts=self.env["account.account"]
                .browse(self._get_receivables())
                .ids,
                after=after,
                limit=BATCH,
            )
        )
        return self.env["res.partner"].browse(dict.fromkeys(row[0] for row in rows))

    @api.model
    def _get_receivables(self):
        """Query of the payers' accounts, to stand inside another one."""
        return self.env["account.account"]._search(
            [("account_type", "=", "asset_receivable")]
        )

    @api.model
    def _match(self, payers):
        """Match what is open of ``payers``; returns the log of it.

        A payer that fails is left as it was and logged by number.

        :raises psycopg2.OperationalError: conflicts with other transactions
        """
        try:
            with self.env.cr.savepoint(), self.env["clinic.receipt"]._telling():
                return self._match_all(payers)
        except OperationalError:
            raise
        except Exception:
            if len(payers) > 1:
                return self.concat(*(self._match(payer) for payer in payers))
            _logger.warning("Payer %s could not be matched", payers.id, exc_info=True)
            return self.browse()

    def _match_all(self, payers):
        # What cards that were merged have paid and owe is one account.
        owners = self.env["clinic.patient"]._get_account_owners(payers)
        items, free = self._lock_items(payers.union(*owners), owners)
        charges = self.env["clinic.charge"]._find_coming(free)
        plan = self._plan(items, charges, owners)
        coming = [one for one in plan if one[1]._name == charges._name]
        # Whoever is about to cancel them for want of money sees that some has come.
        charges.browse({one[1].id for one in coming})._touch()
        logs = self._settle([one for one in plan if one[1]._name == items._name])
        charges._keep_packages(coming)
        self._sweep(items)
        charges._note_covered(coming)
        return logs

    def _lock_items(self, payers, owners):
        """(open items, payers) of those accounts of which nobody else holds an item; of
        the others nothing is said.

        A row that has changed since this transaction began fails with a serialization
        error, so what was read before the lock holds.

        :param owners: {partner: whose account it is on}
        """
        items = self._find_items(payers)
        locked = items.try_lock_for_update(allow_referencing=True)
        taken = {owners[partner] for partner in (items - locked).partner_id}
        free = payers.filtered(lambda payer: owners[payer] not in taken)
        return locked.filtered(lambda item: item.partner_id in free), free

    @api.model
    def _find_items(self, payers):
        """Open items of the accounts of ``payers``."""
        if not payers:
            return self.env["account.move.line"]
        return self.env["account.move.line"].search_fetch(
            Domain("partner_id", "in", payers.ids)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False),
            [
                "account_id",
                "amount_residual_currency",
                "clinic_patient_id",
                "company_id",
                "currency_id",
                "date",
                "date_maturity",
                "move_id",
                "name",
                "partner_id",
            ],
            order="id",
        )

    def _get_held(self, items):
        """Entries whose money waits for a person."""
        money = items.move_id._get_money()
        return self.search(
            [("credit_move_id", "in", money.ids), ("held", "=", True)]
        ).credit_move_id

    def _get_bound_payers(self, payers):
        """Insurers and employers: they pay what they name, nothing else."""
        return (
            self.env["clinic.payment.source"]
            .search([("partner_id", "in", payers.ids)])
            .partner_id
        )

    # === WHAT PAYS WHAT === #

    @api.model
    def _plan(self, items, charges, owners=None):
        """What the free money of payers pays; nothing is written.

        :param items: their open journal items
        :param charges: what is coming
        :param owners: {partner: whose account it is on}; read if left out
        :return: list of (item of money, item or charge that it pays, sum, rule)
        """
        credits = items.filtered(lambda item: item.amount_residual_currency < 0)
        if not credits:
            return []
        if owners is None:
            owners = self.env["clinic.patient"]._get_account_owners(
                items.partner_id | charges.payer_id
            )
        held = self._get_held(credits)
        bound = self._get_bound_payers(credits.partner_id)

        def get_account(one):
            payer = one.payer_id if one._name == charges._name else one.partner_id
            return owners[payer], one.company_id, one.currency_id

        # Where no money is free nothing is paid, however much is coming: an insurer's
        # month is thousands of charges.
        with_money = set(map(get_account, credits))
        items = items.filtered(lambda item: get_account(item) in with_money)
        charges = charges.filtered(lambda one: get_account(one) in with_money)
        keys = self._get_debt_keys(items - credits, charges)
        asked = charges._get_asked()
        coming = charges.grouped(get_account)
        plan = []
        for account, some in items.grouped(get_account).items():
            unit = account[2].rounding
            # Item by item: a filtered set would read the rest one by one.
            debts = [item for item in some if item.amount_residual_currency > 0]
            debts += coming.get(account, ())
            debits = {
                self._prepare_debit(owed, keys, asked, unit): owed for owed in debts
            }
            owed_by = {debit.ident: owed for debit, owed in debits.items()}
            free = [
                self._prepare_credit(item, unit)
                for item in some
                if item.amount_residual_currency < 0
                and (item.move_id.clinic_money_id or item.move_id) not in held
            ]
            rules = RULES[:1] if account[0] in bound else RULES
            plan += [
                (
                    items.browse(found.credit),
                    owed_by[found.debit],
                    account[2].round(found.amount * unit),
                    found.rule,
                )
                for found in match(free, debits, rules)
            ]
        return plan

    @api.model
    def _get_debt_keys(self, debts, charges):
        """``{entry or charge: (keys, numbers)}`` by which money may name it."""
        lines = self.env["account.move.line"].search_fetch(
            [("move_id", "in", debts.move_id.ids), ("clinic_charge_id", "!=", False)],
            ["move_id", "clinic_charge_id"],
        )
        of_moves = dict.fromkeys(debts.move_id, charges.browse())
        for line in lines:
            of_moves[line.move_id] |= line.clinic_charge_id
        every = charges.union(*of_moves.values())
        numbers = self.env["clinic.payment.request"]._get_numbers(every)
        keys = {}
        for move, some in of_moves.items():
            keys[move] = (
                frozenset(
                    {("move", move.id)}
                    | {("charge", one.id) for one in some}
                    | {("charge", one) for one in some.package_id.charge_id.ids}
                ),
                frozenset({move.name or ""}.union(*(numbers[one] for one in some))),
            )
        for charge in charges:
            keys[charge] = (frozenset({("charge", charge.id)}), numbers[charge])
        return keys

    @api.model
    def _prepare_debit(self, owed, keys, asked, unit):
        """The value of an open item, or of a charge that is coming."""
        if owed._name == "clinic.charge":
            documents, numbers = keys[owed]
            return Debit(
                ident=("charge", owed.id),
                day=owed.date,
                amount=round(asked[owed] / unit),
                patient=owed.patient_id._get_kept().id,
                documents=documents,
                numbers=numbers,
                coming=True,
            )
        documents, numbers = keys[owed.move_id]
        return Debit(
            ident=owed.id,
            day=owed.date_maturity or owed.date,
            amount=round(owed.amount_residual_currency / unit),
            patient=owed.clinic_patient_id._get_kept().id or 0,
            documents=documents,
            numbers=numbers,
        )

    @api.model
    def _prepare_credit(self, item, unit):
        # Not by a union, which would lose what is read at once for all items.
        money = item.move_id.clinic_money_id or item.move_id
        payment = money.origin_payment_id
        named = payment.invoice_ids | money.reversed_entry_id
        reserve = item.move_id.clinic_reserve_id
        return Credit(
            ident=item.id,
            day=money.date,
            amount=round(-item.amount_residual_currency / unit),
            patient=item.clinic_patient_id._get_kept().id or 0,
            only_patient=payment.clinic_only_patient,
            documents=frozenset({("charge", reserve.id)})
            if reserve
            else frozenset(
                {("move", one) for one in named.ids}
                | {("charge", one) for one in payment.clinic_charge_ids.ids}
            ),
            text="" if reserve else f"{money.ref or ''} {item.name or ''}",
            kept=bool(reserve),
        )

    # === THE LEDGER FOLLOWS === #

    @api.model
    def _settle(self, plan):
        """Pay posted debts; money among the advances is taken out of them first.

        :return: the log
        """
        if not plan:
            return self.browse()
        moves = self.env["account.move"]
        apart = [one for one in plan if self._lie_apart(one[0], one[1])]
        transfers = iter(
            moves._transfer(
                [
                    Transfer(
                        credit,
                        debit.account_id,
                        amount,
                        max(credit.date, debit.date),
                        payer=debit.partner_id,
                        branch=debit.move_id.clinic_branch_id,
                    )
                    for credit, debit, amount, _rule in apart
                ]
            )
        )
        pairs = []
        for credit, debit, _amount, rule in plan:
            source = credit
            if self._lie_apart(credit, debit):
                source = next(transfers).line_ids.filtered(lambda one: one.balance < 0)
            pairs.append((source, debit, rule))
        self.env["account.move.line"]._reconcile_plan(
            [source + debit for source, debit, _rule in pairs]
        )
        partials = {
            (partial.credit_move_id, partial.debit_move_id): partial
            for partial in self.env["account.partial.reconcile"].search_fetch(
                [("credit_move_id", "in", [source.id for source, *_rest in pairs])],
                ["credit_move_id", "debit_move_id", "debit_amount_currency"],
            )
        }
        return self.create(
            [
                self._prepare_vals(partials[source, debit], rule)
                for source, debit, rule in pairs
            ]
        )

    @api.model
    def _part_accounts(self, partners):
        """Money of one of ``partners`` that has paid what is another's is free again:
        their accounts are not one any more."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "in", partners.ids),
                ("move_id.clinic_money_id", "!=", False),
                ("parent_state", "=", "posted"),
                ("balance", "<", 0),
            ]
        )
        owners = self.env["clinic.patient"]._get_account_owners(partners)
        strange = items.filtered(
            lambda item: owners[item.partner_id] != owners.get(item._get_home())
        )
        paid = strange.matched_debit_ids.filtered(
            lambda partial: not partial.debit_move_id.move_id.clinic_money_id
        )
        paid.unlink()
        self._sweep(strange)

    @api.model
    def _lie_apart(self, credit, debit):
        """Whether money has to be brought to the debt first: from the advances, or from
        the partner of a card that was merged."""
        return (
            credit.account_id != debit.account_id
            or credit.partner_id != debit.partner_id
        )

    @api.model
    def _sweep(self, items):
        """Patients' money that is free and lies among debts is an advance, of whoever
        it came from."""
        free = items.filtered(
            lambda item: (
                item.amount_residual < 0
                and not item.reconciled
                and item.currency_id == item.company_id.currency_id
                and item.account_id != item.company_id._get_advance_account()
                and item.move_id._get_money()._is_of_clinic()
            )
        )
        free -= free.filtered(
            lambda item: item.partner_id in self._get_bound_payers(free.partner_id)
        )
        if free:
            today = fields.Date.context_today(self, self.env.cr.now())
            self.env["account.move"]._transfer(
                [
                    Transfer(
                        item,
                        item.company_id._get_advance_account(),
                        -item.amount_residual,
                        max(item.date, today),
                        payer=item._get_home(),
                    )
                    for item in free
                ]
            )
