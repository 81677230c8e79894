from odoo import api, models
from odoo.tools import SQL

# Words of a name in SQL, as people would compare them.
WORDS = r"""
    regexp_split_to_array(
        btrim(regexp_replace(replace(lower(%s), 'ё', 'е'), '[^[:alnum:]-]+', ' ', 'g')),
        ' ')
"""


class AccountBankStatementLine(models.Model):
    """Proposals for the reconcile screen; what is certain is reconciled at import."""

    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        """The payer is known before the line is: a namesake has no chance."""
        for company, transfers in self._group_unknown(vals_list).items():
            for vals, finding in self._find_debts_of(company, transfers):
                vals["partner_id"] = finding.payer
        return super().create(vals_list)

    @api.model
    def _group_unknown(self, vals_list):
        """{company: values of lines without a partner, in the company's currency}."""
        grouped = {}
        for vals in vals_list:
            journal = self.env["account.journal"].browse(vals.get("journal_id"))
            company = journal.company_id
            if not vals.get("partner_id") and journal._is_in(company.currency_id):
                grouped.setdefault(company, []).append(vals)
        return grouped

    @api.model
    def _find_debts_of(self, company, vals_list):
        found = self._find_debts(
            company,
            {
                index: (vals.get("payment_ref"), float(vals.get("amount") or 0))
                for index, vals in enumerate(vals_list)
            },
        )
        return [(vals_list[index], finding) for index, finding in found.items()]

    # === PROPOSALS === #

    def _auto_reconcile(self):
        return super(
            AccountBankStatementLine, self.with_context(clinic_bank_import=True)
        )._auto_reconcile()

    def _do_auto_reconcile_invoices(self):
        """What the purpose names goes before what the amount suggests.

        Lines that are neither left nor done keep their proposal for a person.
        """
        proposed = automatic = self.browse()
        ours = self.filtered(
            lambda line: line.journal_id._is_in(line.company_id.currency_id)
        )
        for line, lump in ours._find_lumps().items():
            line._propose_lump(lump)
            proposed |= line
            if lump.certain:
                automatic |= line
        for company, lines in (ours - proposed).grouped("company_id").items():
            found = lines._find_debts(
                company, {line: (line.payment_ref, line.amount) for line in lines}
            )
            for line, finding in found.items():
                if not finding.debts:
                    continue
                line._propose(finding)
                proposed |= line
                if finding.certain and line._is_of(finding.payer):
                    automatic |= line
            for line, finding in (lines - proposed)._find_by_sum(company).items():
                line._propose(finding)
                proposed |= line
        left, done = super(
            AccountBankStatementLine, self - proposed
        )._do_auto_reconcile_invoices()
        return left, (done | automatic).filtered("company_id.clinic_bank_automatic")

    def _is_of(self, payer):
        """Whether nothing tells that the money is somebody else's than ``payer``'s."""
        partner = self.partner_id.commercial_partner_id
        return not partner or partner.id == payer

    def _propose(self, finding):
        """Put the debts found in front of whoever reconciles the line."""
        self.ensure_one()
        liquidity, _suspense, _other = self._seek_for_lines()
        auxiliary, data = self._get_reconcile_line(
            liquidity, "liquidity", reconcile_auxiliary_id=1, move=True
        )
        left = self.amount
        for item in self.env["account.move.line"].browse(finding.debts):
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            auxiliary, lines = self._get_reconcile_line(
                item,
                "other",
                is_counterpart=True,
                max_amount=left,
                reconcile_auxiliary_id=auxiliary,
                move=True,
            )
            data += [{**line, "clinic_rule": finding.rule} for line in lines]
            left += sum(line["amount"] for line in lines)
        self.reconcile_data_info = self._recompute_suspense_line(
            data, auxiliary, self.manual_reference
        )

    def _get_retrieve_partner_name_query(self):
        """A name that several partners bear tells nobody, nor does a part of a name.

        All words of the payer are whole words of the partner's name, its first one
        among them, the family name; one word alone is no name.
        """
        partners = self.env["res.partner"]._table
        query = super()._get_retrieve_partner_name_query()
        payer = SQL(WORDS, SQL.identifier(self._table, "partner_name"))
        partner = SQL(WORDS, SQL.identifier(partners, "complete_name"))
        query.add_where(
            SQL(
                "cardinality(%(payer)s) > 1 AND %(payer)s <@ %(partner)s"
                " AND (%(partner)s)[1] = ANY(%(payer)s)",
                payer=payer,
                partner=partner,
            )
        )
        query.having = SQL(
            "count(DISTINCT %s) = 1",
            SQL.identifier(partners, "commercial_partner_id"),
        )
        return query

    # === RECONCILIATION === #

    def _reconcile_move_line_vals(self, line, move_id=False):
        """Money for an invoice carries the invoice's patient."""
        vals = super()._reconcile_move_line_vals(line, move_id)
        items = self.env["account.move.line"].browse(line.get("counterpart_line_ids"))
        patient = items.clinic_patient_id
        if len(patient) == 1:
            vals["clinic_patient_id"] = patient.id
        return vals

    def reconcile_bank_line(self):
        """What is reconciled at import can be looked up and undone like any match."""
        data = self.reconcile_data_info["data"]
        result = super().reconcile_bank_line()
        if self.env.context.get("clinic_bank_import"):
            self._log_matches(
                {
                    line["counterpart_line_ids"][0]: line["clinic_rule"]
                    for line in data
                    if line.get("clinic_rule") and line.get("counterpart_line_ids")
                }
            )
        # The receipt follows the money, whoever was allowed to reconcile it.
        self.env["clinic.receipt"].sudo()._create_for_transfer(self.sudo())
        return result

    def _log_matches(self, rules):
        """Explain what ``rules``, {open item: rule}, has matched with the line."""
        partials = self.move_id.line_ids.matched_debit_ids
        # The log is written by nobody by hand; the line has just been reconciled.
        self.env["clinic.match"].sudo().create(
            [
                {
                    "company_id": self.company_id.id,
                    "currency_id": partial.debit_currency_id.id,
                    "payer_id": partial.debit_move_id.partner_id.id,
                    "patient_id": partial.debit_move_id.clinic_patient_id.id,
                    "credit_move_id": self.move_id.id,
                    "debit_move_id": partial.debit_move_id.move_id.id,
                    "partial_id": partial.id,
                    "amount": partial.debit_amount_currency,
                    "rule": rules[partial.debit_move_id.id],
                }
                for partial in partials
                if partial.debit_move_id.id in rules
            ]
        )
