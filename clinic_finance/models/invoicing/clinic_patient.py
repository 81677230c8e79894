from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from odoo.addons.clinic_base.tools import statements

SEES_MONEY = (
    "clinic_base.group_registrar,clinic_base.group_call_center,"
    "clinic_base.group_cashier,clinic_base.group_accountant,"
    "clinic_base.group_clinic_manager"
)


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", groups=SEES_MONEY
    )
    account_balance = fields.Monetary(
        compute="_compute_account_balance",
        groups=SEES_MONEY,
        help="Of the private payer, from the posted ledger: positive is the patient's"
        " money, negative is debt.",
    )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends_context("company", "allowed_company_ids")
    @api.depends("payer_id", "partner_id", "relation_ids.date_to", "relation_ids.pays")
    def _compute_account_balance(self):
        payers = {patient: patient._get_private_payer() for patient in self}
        every = self.env["res.partner"].union(*payers.values())
        accounts = self._get_accounts(every)
        balances = self._get_balances(every.union(*accounts.values()))
        for patient, payer in payers.items():
            patient.account_balance = sum(
                balances.get(partner, 0.0) for partner in accounts[payer].ids
            )

    @api.model
    def _get_accounts(self, payers):
        """``{payer: partners whose items are the payer's account}``: its own, and those
        of cards that were merged into the payer's, whose entries stay as posted."""
        owners = self._get_account_owners(payers)
        owned = {}
        for partner, owner in owners.items():
            owned[owner] = owned.get(owner, owner) | partner
        return {payer: owned[owners[payer]] for payer in payers}

    @api.model
    def _get_account_owners(self, partners):
        """``{partner: whose account its items are on}``: its own, or that of the card
        that its card was merged into; of every partner on the accounts of ``partners``.

        One statement, whatever their number; none where no cards were ever merged.
        """
        own = {one: one for one in partners}
        if not self._has_merged():
            return own
        rows = statements.fetch(
            self.env,
            ("clinic.patient",),
            SQL(
                """
                WITH RECURSIVE up AS (
                     SELECT id, partner_id, merged_into_id
                       FROM clinic_patient
                      WHERE partner_id = ANY(%(partners)s)
                      UNION
                     SELECT kept.id, kept.partner_id, kept.merged_into_id
                       FROM up
                       JOIN clinic_patient kept ON kept.id = up.merged_into_id),
                     account AS (
                     SELECT id, partner_id, partner_id AS owner_id
                       FROM up
                      WHERE merged_into_id IS NULL
                      UNION
                     SELECT merged.id, merged.partner_id, account.owner_id
                       FROM account
                       JOIN clinic_patient merged
                         ON merged.merged_into_id = account.id)
                SELECT partner_id, owner_id FROM account
                """,
                partners=list(partners.ids),
            ),
        )
        return own | {
            partners.browse(partner): partners.browse(owner) for partner, owner in rows
        }

    def _get_private_payer(self, day=None):
        """The partner whose personal account pays for the patient on ``day``."""
        return self._get_payer(day)

    def _get_merge_summary(self):
        return [
            *super()._get_merge_summary(),
            (
                self.env._("Account"),
                # The chief of the desk sees balances.
                format_amount(self.env, self.account_balance, self.currency_id),
                False,
            ),
        ]

    @api.model
    def _get_balances(self, partners):
        """``{partner id: balance}`` over the allowed companies, from posted items.

        One query whatever the number of partners; 0 is left out.
        """
        items = self.env["account.move.line"]
        items.flush_model(["partner_id", "account_id", "parent_state", "balance"])
        # Field groups of the callers decide who sees a balance; journal items are the
        # accountants', who alone read them one by one.
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id, -sum(balance)
                  FROM account_move_line
                  JOIN unnest(%(partners)s::int[]) AS payer(id)
                    ON payer.id = partner_id
                 WHERE company_id = ANY(%(companies)s)
                   AND parent_state = 'posted'
                   AND account_id IN (SELECT id FROM account_account
                                       WHERE account_type = 'asset_receivable')
              GROUP BY partner_id
                """,
                # One literal: of a hundred thousand numbers each would be parsed.
                partners=f"{{{','.join(map(str, set(partners.ids)))}}}",
                companies=self.env.companies.ids,
            )
        )
        return {partner: float(balance) for partner, balance in rows if balance}

    def action_open_account(self):
        """Statement of the payer's personal account."""
        self.ensure_one()
        return self.env["clinic.statement"]._open(
            self._get_private_payer(), self.env.company
        )
