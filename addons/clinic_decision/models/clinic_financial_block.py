from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.clinic_base.models.walls.clinic_archive_mixin import ARCHIVE_FIELDS
from odoo.addons.clinic_base.tools import statements

MAY_LET_PASS = (
    "clinic_base.group_registrar_chief",
    "clinic_base.group_finance_manager",
    "clinic_base.group_clinic_manager",
)
PASS_HOURS = 2


class ClinicFinancialBlock(models.Model):
    """Who may not book before paying, and why; lifted, never deleted."""

    _name = "clinic.financial.block"
    _description = "Financial block"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "payer_id"
    _created_by_engine = False
    # Rules and limits block as superuser; actions go on so after their checks.
    _engine_is_superuser = True

    payer_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(
        "clinic.patient",
        index=True,
        ondelete="restrict",
        help="Empty: everybody for whom the payer pays.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    origin = fields.Selection(
        [
            ("rule", "By a rule"),
            ("limit", "By the debt limit"),
            ("hand", "By hand"),
        ],
        required=True,
        readonly=True,
        default="hand",
    )
    rule_id = fields.Many2one(
        "clinic.decision.rule", readonly=True, ondelete="restrict"
    )
    reason = fields.Char(help="Nothing about health.")
    cause = fields.Char(
        string="Why", compute="_compute_cause", help="What the payer is told."
    )
    blocked_on = fields.Date(
        readonly=True,
        copy=False,
        default=lambda self: self.env.company._get_clinic_today(),
        help="What was owed by then has caused the block.",
    )
    debt = fields.Monetary(string="Debt then", readonly=True)
    debt_now = fields.Monetary(compute="_compute_debt_now")
    since = fields.Date(
        string="Owes since",
        readonly=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    date_until = fields.Date(string="Until", help="Empty: until the debt is paid.")
    lifted_on = fields.Datetime(readonly=True, copy=False)
    lifted_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, ondelete="restrict"
    )
    lift_reason = fields.Char(readonly=True, copy=False)
    pass_until = fields.Datetime(
        readonly=True, copy=False, help="May book until then nevertheless."
    )
    state = fields.Selection(
        [("active", "Blocked"), ("passed", "Let through"), ("lifted", "Lifted")],
        compute="_compute_state",
    )

    _one_active = models.UniqueIndex(
        "(payer_id, company_id, COALESCE(patient_id, 0)) WHERE lifted_on IS NULL",
        "The payer is blocked already.",
    )

    @api.model
    def _get_engine_fields(self):
        return self._fields.keys() - ARCHIVE_FIELDS - {"reason", "date_until"}

    @api.model
    def _get_creation_fields(self):
        return frozenset({"payer_id", "patient_id", "company_id"})

    @api.model
    def _get_patient_merge_domain(self, kept):
        """Who is blocked as a payer already needs no second block."""
        blocks = self.with_context(active_test=False).search(
            [("payer_id", "=", kept.partner_id.id), ("lifted_on", "=", False)]
        )
        return ["|", ("lifted_on", "!=", False)] + (
            [("company_id", "not in", blocks.company_id.ids)]
        )

    @api.depends("lifted_on", "pass_until", "date_until")
    def _compute_state(self):
        now, today = self.env.cr.now(), self.env.company._get_clinic_today()
        for block in self:
            over = block.date_until and block.date_until < today
            if block.lifted_on or over:
                block.state = "lifted"
            elif block.pass_until and block.pass_until > now:
                block.state = "passed"
            else:
                block.state = "active"

    @api.depends("reason", "origin", "rule_id", "debt", "since")
    @api.depends_context("lang")
    def _compute_cause(self):
        for block in self:
            block.cause = block.reason or block._get_cause()

    def _get_cause(self):
        """Why there is the block, where nobody has written a reason."""
        if self.debt:
            return self.env._(
                "%(debt)s owed since %(day)s",
                debt=self.currency_id.format(self.debt),
                day=format_date(self.env, self.since),
            )
        if self.rule_id:
            # Whoever is refused is told the rule's name, which says nothing of health.
            return self.rule_id.sudo().name
        return self.env._("By hand, by %s", self.create_uid.sudo().name or "")

    @api.depends("payer_id", "company_id")
    def _compute_debt_now(self):
        for block, debt in self._get_debts().items():
            block.debt_now = debt

    def _get_debts(self):
        """{block: what its payer owes now}, from posted items."""
        debts = {}
        for company, blocks in self.grouped("company_id").items():
            patients = self.env["clinic.patient"].with_context(
                allowed_company_ids=company.ids
            )
            balances = patients._get_balances(blocks.payer_id)
            for block in blocks:
                debts[block] = max(-balances.get(block.payer_id.id, 0.0), 0.0)
        return debts

    # === BLOCK AND LIFT === #

    @api.model
    def _find_active(self, payers, company, patients=None):
        """Blocks in force, whoever was let pass included.

        :param patients: of whom; None is of everybody
        """
        domain = (
            Domain("payer_id", "in", payers.ids)
            & Domain("company_id", "in", company.ids)
            & Domain("lifted_on", "=", False)
        )
        if patients is not None:
            domain &= Domain("patient_id", "in", [False, *patients.ids])
        blocks = self.search(domain)
        # Hardly anybody has one, and every booking asks: what day it is costs a look
        # at the branches.
        today = blocks and self.env.company._get_clinic_today()
        return blocks.filtered(
            lambda block: not block.date_until or block.date_until >= today
        )

    @api.model
    def _block_for(self, logs, action):
        """A block for each payer of ``logs`` that has none."""
        payers = logs.payer_id
        taken = {
            (block.payer_id, block.company_id)
            for block in self._find_active(payers, logs.company_id)
        }
        # A block whose time has run out makes room for the next one.
        self.search(
            [("payer_id", "in", payers.ids), ("lifted_on", "=", False)]
        ).filtered(lambda block: block.state == "lifted")._lift(self.env._("Expired"))
        today = self.env.company._get_clinic_today()
        until = action.days and fields.Date.add(today, days=action.days)
        chosen = {}
        for log in logs:
            key = log.payer_id, log.company_id
            if key in taken:
                log._skip("blocked")
            else:
                chosen.setdefault(key, []).append(log)
        blocks = self.create(
            [
                {
                    "payer_id": payer.id,
                    "company_id": company.id,
                    "origin": "rule",
                    "rule_id": action.rule_id.id,
                    "reason": action.text,
                    "debt": some[0].facts["debt"],
                    "blocked_on": today,
                    "since": fields.Date.subtract(
                        today, days=some[0].facts["overdue_days"]
                    ),
                    "date_until": until or False,
                }
                for (payer, company), some in chosen.items()
            ]
        )
        for block, some in zip(blocks, chosen.values()):
            logs.browse([log.id for log in some]).block_id = block

    def _lift(self, reason):
        """The payers may book again."""
        return self.filtered(lambda block: not block.lifted_on).write(
            {
                "lifted_on": self.env.cr.now(),
                "lifted_by_id": self.env.uid,
                "lift_reason": reason,
            }
        )

    def action_lift(self):
        """Let the payers book again.

        :raises AccessError: for everybody but accountants and finance managers
        """
        self.check_access("write")
        # The right to change the block has been checked.
        return self.sudo()._lift(self.env._("By hand"))

    # === LIMITS === #

    @api.model
    def _cron_screen(self):
        """Settle promises, block by the limits of debt, lift what is paid."""
        self.env["clinic.payment.promise"]._close_due()
        self._lift_paid()
        self._block_by_limits()

    @api.model
    def _lift_paid(self, payers=None):
        """Lift blocks whose cause is paid: what was owed on the day of the block.

        A block by hand, or by a rule without any debt, is for another reason.

        :param payers: of whom; None is of everybody
        """
        domain = Domain("lifted_on", "=", False) & Domain("date_until", "=", False)
        domain &= Domain("origin", "!=", "hand") & Domain("debt", ">", 0)
        if payers is not None:
            domain &= Domain("payer_id", "in", payers.ids)
        blocks = self.search(domain)
        causes = blocks._get_causes()
        blocks.filtered(lambda block: causes[block] <= 0)._lift(
            self.env._("The debt is paid.")
        )

    def _get_causes(self):
        """{block: what is still owed of what was owed on its day}, less free money."""
        if not self:
            return {}
        rows = statements.fetch(
            self.env,
            ("account.move.line", "clinic.financial.block"),
            SQL(
                """
                SELECT block.id, sum(item.amount_residual)
                  FROM clinic_financial_block block
                  JOIN account_move_line item
                    ON item.partner_id = block.payer_id
                   AND item.company_id = block.company_id
                   AND item.parent_state = 'posted'
                   AND item.reconciled IS NOT TRUE
                   AND (item.amount_residual < 0
                        OR item.date <= COALESCE(block.blocked_on,
                                                 block.create_date::date))
                  JOIN account_account account
                    ON account.id = item.account_id
                   AND account.account_type = 'asset_receivable'
                 WHERE block.id = ANY(%(blocks)s)
              GROUP BY block.id
                """,
                blocks=self.ids,
            ),
        )
        left = {block: float(amount) for block, amount in rows}
        return {
            block: block.currency_id.round(left.get(block.id, 0.0)) for block in self
        }

    @api.model
    def _block_by_limits(self):
        """Payers whose debt is above a limit for longer than the days of grace.

        The limit is that of the patients' category; of patients without a category,
        the company's. Of several patients of a payer the strictest counts.
        """
        for name in (
            "account.move.line",
            "clinic.decision.exemption",
            "clinic.financial.block",
            "clinic.patient",
            "clinic.patient.category",
            "clinic.payment.promise",
            "res.company",
        ):
            self.env[name].flush_model()
        today = self.env.company._get_clinic_today()
        rows = self.env.execute_query(
            SQL(
                """
                WITH owed AS (
                     SELECT partner_id AS payer_id, company_id,
                            sum(amount_residual) AS debt,
                            min(COALESCE(date_maturity, date)) FILTER (
                                WHERE amount_residual > 0) AS since
                       FROM account_move_line
                      WHERE parent_state = 'posted'
                        AND reconciled IS NOT TRUE
                        AND account_id IN (
                            SELECT id FROM account_account
                             WHERE account_type = 'asset_receivable')
                   GROUP BY partner_id, company_id
                     HAVING sum(amount_residual) > 0),
                     screened AS (
                     SELECT owed.*,
                            COALESCE(CASE WHEN category.id IS NULL
                                          THEN company.clinic_debt_limit
                                          ELSE category.debt_limit
                                      END, 0) AS debt_limit,
                            COALESCE(CASE WHEN category.id IS NULL
                                          THEN company.clinic_debt_grace_days
                                          ELSE category.debt_grace_days
                                      END, 0) AS grace
                       FROM owed
                       JOIN res_company company ON company.id = owed.company_id
                       JOIN clinic_patient patient
                         ON COALESCE(patient.payer_id, patient.partner_id)
                            = owed.payer_id
                  LEFT JOIN clinic_patient_category category
                         ON category.id = patient.category_id
                      WHERE patient.active
                        AND CASE WHEN category.id IS NULL
                                 THEN company.clinic_debt_screening
                                 ELSE category.debt_screening END
                        AND NOT EXISTS (
                            SELECT FROM clinic_decision_exemption exemption
                             WHERE exemption.active
                               AND (exemption.patient_id = patient.id
                                    OR exemption.category_id = category.id)
                               AND (exemption.date_to IS NULL
                                    OR exemption.date_to >= %(today)s)))
                SELECT payer_id, company_id, debt, since
                  FROM screened
                 WHERE NOT EXISTS (
                       SELECT FROM clinic_payment_promise promise
                        WHERE promise.payer_id = screened.payer_id
                          AND promise.active
                          AND promise.company_id = screened.company_id
                          AND promise.date >= %(today)s)
                   AND NOT EXISTS (
                       SELECT FROM clinic_financial_block block
                        WHERE block.payer_id = screened.payer_id
                          AND block.company_id = screened.company_id
                          AND block.patient_id IS NULL
                          AND block.lifted_on IS NULL)
              GROUP BY payer_id, company_id, debt, since
                HAVING debt > min(debt_limit)
                   AND since < %(today)s::date - min(grace)
                """,
                today=today,
            )
        )
        self.create(
            [
                {
                    "payer_id": payer,
                    "company_id": company,
                    "origin": "limit",
                    "debt": debt,
                    "since": since,
                    "blocked_on": today,
                }
                for payer, company, debt, since in rows
            ]
        )

    # === BOOKING === #

    @api.model
    def _get_refusals(self, patient):
        """Blocks that keep ``patient`` from booking now; a paid debt keeps nobody.

        :return: {block: debt now}
        """
        blocks = self._find_active(
            patient._get_private_payer(), self.env.companies, patient
        ).filtered(lambda block: block.state == "active")
        debts = blocks._get_debts()
        return {
            block: debts[block]
            for block in blocks
            if debts[block]
            or block.origin == "hand"
            or block.date_until
            or not block.debt
        }

    @api.private
    def let_pass(self, reason):
        """Let the payers book for the next two hours nevertheless.

        :param reason: kept in the log of decisions
        :raises AccessError: for everybody but chief registrars and managers
        """
        self.check_access("read")
        if not any(map(self.env.user.has_group, MAY_LET_PASS)):
            raise AccessError(
                self.env._("Only a chief registrar or a manager may let it pass.")
            )
        if not reason or not reason.strip():
            raise UserError(self.env._("Say why the booking may pass."))
        now = self.env.cr.now()
        # The role has been checked; neither model is written by hand.
        self.sudo().pass_until = fields.Datetime.add(now, hours=PASS_HOURS)
        self.env["clinic.decision.log"].sudo().create(
            [
                {
                    "kind": "pass",
                    "occasion": f"pass:{block.id}:{now}",
                    "company_id": block.company_id.id,
                    "patient_id": block.patient_id.id,
                    "payer_id": block.payer_id.id,
                    "block_id": block.id,
                    "decided_on": now,
                    "outcome": "overridden",
                    "overridden_by_id": self.env.uid,
                    "overridden_on": now,
                    "override_reason": reason.strip(),
                }
                for block in self
            ]
        )
        return True

    def action_ask_pass(self):
        """Ask why, then let pass."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Let the booking pass"),
            "res_model": "clinic.financial.block.pass",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_block_ids": self.ids},
        }
