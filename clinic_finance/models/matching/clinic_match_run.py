import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.matching import RULES, Credit, Debit, match

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
        """The next payers of patients with open items of both signs, by id."""
        items = self.env["account.move.line"]
        items.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id
                  FROM account_move_line
                 WHERE account_id = ANY(%(accounts)s)
                   AND reconciled IS NOT TRUE
                   AND parent_state = 'posted'
                   AND partner_id > %(after)s
              GROUP BY partner_id, account_id, company_id, currency_id
                HAVING min(amount_residual) < 0
                   AND max(amount_residual) > 0
                   AND bool_or(clinic_patient_id IS NOT NULL)
              ORDER BY partner_id
                 LIMIT %(limit)s
                """,
                accounts=self._get_receivables().ids,
                after=after,
                limit=BATCH,
            )
        )
        return self.env["res.partner"].browse(dict.fromkeys(row[0] for row in rows))

    @api.model
    def _get_receivables(self):
        return self.env["account.account"].search(
            [("account_type", "=", "asset_receivable")]
        )

    @api.model
    def _match(self, payers):
        """Match what is open of ``payers``; returns the log of it.

        A payer that fails is left as it was and logged by number.

        :raises psycopg2.OperationalError: conflicts with other transactions
        """
        try:
            with self.env.cr.savepoint():
                return self._match_all(payers)
        except OperationalError:
            raise
        except Exception:
            if len(payers) > 1:
                return self.concat(*(self._match(payer) for payer in payers))
            _logger.warning("Payer %s could not be matched", payers.id, exc_info=True)
            return self.browse()

    def _match_all(self, payers):
        items = self._lock_items(payers)
        held = self._get_held(items)
        bound = self._get_bound_payers(payers)
        plan, vals_list = [], []
        for (payer, *_account), some in items.grouped(
            lambda item: (
                item.partner_id,
                item.account_id,
                item.company_id,
                item.currency_id,
            )
        ).items():
            rules = RULES[:1] if payer in bound else RULES
            for credit, debit, vals in self._pair(some, held, rules):
                plan.append(credit + debit)
                vals_list.append(vals)
        if not plan:
            return self.browse()
        items._reconcile_plan(plan)
        partials = {
            (partial.credit_move_id, partial.debit_move_id): partial.id
            for partial in self.env["account.partial.reconcile"].search_fetch(
                [("credit_move_id", "in", [pair[0].id for pair in plan])],
                ["credit_move_id", "debit_move_id"],
            )
        }
        for pair, vals in zip(plan, vals_list, strict=True):
            vals["partial_id"] = partials[pair[0], pair[1]]
        return self.create(vals_list)

    def _lock_items(self, payers):
        """Open items of those payers of whom nobody else holds one.

        A row that has changed since this transaction began fails with a serialization
        error, so what was read before the lock holds.
        """
        items = self.env["account.move.line"].search_fetch(
            Domain("partner_id", "in", payers.ids)
            & Domain("account_id", "in", self._get_receivables().ids)
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
        locked = items.try_lock_for_update(allow_referencing=True)
        taken = (items - locked).partner_id
        return locked.filtered(lambda item: item.partner_id not in taken)

    def _get_held(self, items):
        """Entries whose money waits for a person."""
        return self.search(
            [("credit_move_id", "in", items.move_id.ids), ("held", "=", True)]
        ).credit_move_id

    def _get_bound_payers(self, payers):
        """Insurers and employers: they pay what they name, nothing else."""
        return (
            self.env["clinic.payment.source"]
            .search([("partner_id", "in", payers.ids)])
            .partner_id
        )

    def _pair(self, items, held, rules):
        """(credit, debit, values of the log) for ``items`` of one payer and account."""
        unit = items.currency_id.rounding
        credits, debits = [], []
        for item in items:
            move = item.move_id
            common = {
                "ident": item.id,
                "day": item.date_maturity or item.date,
                "amount": round(abs(item.amount_residual_currency) / unit),
                "patient": item.clinic_patient_id.id or 0,
            }
            if item.amount_residual_currency > 0:
                debits.append(Debit(document=move.id, number=move.name or "", **common))
            elif move not in held:
                payment = move.origin_payment_id
                named = payment.invoice_ids | move.reversed_entry_id
                credits.append(
                    Credit(
                        only_patient=payment.clinic_only_patient,
                        documents=frozenset(named.ids),
                        text=f"{move.ref or ''} {item.name or ''}",
                        **common,
                    )
                )
        for found in match(credits, debits, rules):
            credit, debit = items.browse([found.credit, found.debit])
            yield (
                credit,
                debit,
                {
                    "company_id": debit.company_id.id,
                    "currency_id": debit.currency_id.id,
                    "payer_id": debit.partner_id.id,
                    "patient_id": debit.clinic_patient_id.id,
                    "credit_move_id": credit.move_id.id,
                    "debit_move_id": debit.move_id.id,
                    "amount": debit.currency_id.round(found.amount * unit),
                    "rule": found.rule,
                },
            )
