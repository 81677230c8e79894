from odoo import api, models
from odoo.fields import Domain

from ..tools.choice import Debt, Finding, choose
from ..tools.purpose import Hints, read_purpose


class AccountBankStatementLine(models.Model):
    """Whose money a transfer is, and what it pays, read from its purpose."""

    _inherit = "account.bank.statement.line"

    @api.model
    def _find_debts(self, company, transfers):
        """What each of ``transfers`` pays, by as many statements as of one.

        :param company: whose invoices are looked at
        :param transfers: {key: (purpose, amount in the company's currency)}
        :return: {key: :class:`~..tools.choice.Finding`} of those that tell something
        """
        region = company.country_id.code or "RU"
        hints = {
            key: read_purpose(purpose or "", region)
            for key, (purpose, amount) in transfers.items()
            if amount > 0
        }
        hints = {key: one for key, one in hints.items() if one != Hints()}
        if not hints:
            return {}
        # Recognition follows the statement, whoever was allowed to import it.
        finder = self.sudo().with_company(company)
        patients = finder._find_patients(hints.values())
        debts = finder._find_open_items(company, hints.values(), patients)
        unit = company.currency_id.rounding
        found = {}
        for key, one in hints.items():
            named = {
                patient.id: patient._get_private_payer().commercial_partner_id.id
                for number in one.phones | one.cards
                for patient in patients.get(number, ())
            }
            finding = choose(one, round(transfers[key][1] / unit), debts, named)
            if finding:
                found[key] = finding
        return found

    def _find_by_sum(self, company):
        """``{line: Finding}`` of lines of a known payer who owes just this sum once.

        Nobody has named the invoice, so that it is only proposed.
        """
        lines = self.filtered(lambda line: line.partner_id and line.amount > 0)
        if not lines:
            return {}
        # Recognition follows the statement, whoever was allowed to import it.
        items = (
            self.env["account.move.line"]
            .sudo()
            .search_fetch(
                Domain("company_id", "=", company.id)
                & Domain("partner_id", "in", lines.partner_id.commercial_partner_id.ids)
                & Domain("parent_state", "=", "posted")
                & Domain("reconciled", "=", False)
                & Domain("account_type", "=", "asset_receivable")
                & Domain("amount_residual", "in", sorted(set(lines.mapped("amount")))),
                ["amount_residual", "partner_id"],
            )
        )
        found = {}
        for line in lines:
            payer = line.partner_id.commercial_partner_id
            owed = items.filtered(
                lambda item, line=line, payer=payer: (
                    item.partner_id == payer
                    and not company.currency_id.compare_amounts(
                        item.amount_residual, line.amount
                    )
                )
            )
            if len(owed) == 1:
                found[line] = Finding(payer.id, (owed.id,), "person", False)
        return found

    @api.model
    def _find_patients(self, hints):
        """{card number or telephone: patients}."""
        found = {}
        phones = self.env["clinic.patient.phone"].search_fetch(
            [("number_e164", "in", list(set().union(*(one.phones for one in hints))))],
            ["number_e164", "patient_id"],
        )
        for phone in phones:
            found[phone.number_e164] = (
                found.get(phone.number_e164, self.env["clinic.patient"])
                | phone.patient_id
            )
        cards = self.env["clinic.patient"].search_fetch(
            [("card_number", "in", list(set().union(*(one.cards for one in hints))))],
            ["card_number", "payer_id", "partner_id"],
        )
        return found | {patient.card_number: patient for patient in cards}

    @api.model
    def _find_open_items(self, company, hints, patients):
        """Open items of customers that the hints may speak of, the oldest first."""
        numbers = list(set().union(*(one.invoices for one in hints)))
        visits = list(set().union(*(one.visits for one in hints)))
        shorts = list(set().union(*(one.shorts for one in hints)))
        patients = self.env["clinic.patient"].union(*patients.values())
        invoices = self.env["account.move"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "posted")
            & (
                Domain("name", "in", numbers)
                | Domain("payment_reference", "in", numbers)
                | Domain("clinic_appointment_id", "in", visits)
                | Domain("sequence_number", "in", shorts)
                & Domain("move_type", "=", "out_invoice")
                & Domain("amount_residual", ">", 0)
            )
        )
        items = self.env["account.move.line"].search_fetch(
            Domain("company_id", "=", company.id)
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("amount_residual", ">", 0)
            & (
                Domain("move_id", "in", invoices.ids)
                | Domain("clinic_patient_id", "in", patients.ids)
            ),
            [
                "amount_residual",
                "clinic_patient_id",
                "move_id",
                "partner_id",
            ],
            order="date_maturity, date, id",
        )
        unit = company.currency_id.rounding
        return [
            Debt(
                ident=item.id,
                payer=item.partner_id.commercial_partner_id.id,
                amount=round(item.amount_residual / unit),
                patient=item.clinic_patient_id.id or 0,
                short=item.move_id.sequence_number,
                visit=item.move_id.clinic_appointment_id.id or 0,
                numbers=frozenset(
                    number.upper()
                    for number in (item.move_id.name, item.move_id.payment_reference)
                    if number
                ),
            )
            for item in items
        ]
