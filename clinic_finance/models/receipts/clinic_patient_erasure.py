from odoo import api, fields, models
from odoo.tools import format_amount
from odoo.tools.misc import format_date

from odoo.addons.clinic_base.tools.retention import keep_years_after_its_year


class ClinicPatient(models.Model):
    """Money keeps a person's data: while it is open, and its documents for as long as
    the law says (402-ФЗ, art. 29)."""

    _inherit = "clinic.patient"

    def _get_retained(self):
        return [
            *super()._get_retained(),
            *self._get_open_money(),
            *self._get_kept_documents(),
        ]

    def _get_open_money(self):
        """Sentences about balances, charges and payments on their way, in all
        companies."""
        reasons = []
        for company, _payer, amount in self.env["account.move.line"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            ["company_id", "partner_id"],
            ["balance:sum"],
        ):
            if not company.currency_id.is_zero(amount):
                money = format_amount(self.env, -amount, company.currency_id)
                reasons.append(
                    self.env._(
                        "An open balance of %(amount)s in %(company)s: settle it.",
                        amount=money,
                        company=company.name,
                    )
                )
        charges = self.env["clinic.charge"].search_count(
            [
                "|",
                ("patient_id", "in", self.ids),
                ("payer_id", "in", self.partner_id.ids),
                ("state", "in", ("open", "invoiced")),
            ]
        )
        if charges:
            reasons.append(
                self.env._("Charges that are not paid: %(count)s.", count=charges)
            )
        return reasons

    def _get_kept_documents(self):
        """Sentences about accounting documents, by company."""
        today = fields.Date.context_today(self, self.env.cr.now())
        reasons = []
        for company, last in self.env["account.move.line"]._read_group(
            self._get_documents_domain(), ["company_id"], ["date:max"]
        ):
            years = company.clinic_accounting_years
            until = keep_years_after_its_year(last, years)
            if until >= today:
                reasons.append(
                    self.env._(
                        "Accounting documents in %(company)s, until %(until)s:"
                        " %(years)s years after the year of the last one.",
                        company=company.name,
                        until=format_date(self.env, until),
                        years=years,
                    )
                )
        return reasons

    def _get_documents_domain(self):
        return [
            "|",
            ("partner_id", "in", self.partner_id.ids),
            ("clinic_patient_id", "in", self.ids),
        ]

    @api.model
    def _get_personal_fields(self):
        """The entries stay as they were posted; nobody stands in them any more."""
        erased = self.env._("Erased person")
        buyer = ("name", "email", "phone", "address", "zip", "city")
        told = ("ref", "narration", "invoice_source_email", "sending_data")
        statement = (
            "partner_name",
            "account_number",
            "transaction_details",
            "raw_data",
        )
        return {
            **super()._get_personal_fields(),
            "account.move": {
                link: {"invoice_partner_display_name": erased, **dict.fromkeys(told)}
                for link in ("partner_id", "clinic_patient_id")
            },
            "account.move.line": {
                link: {"name": "–", "ref": None}
                for link in ("partner_id", "clinic_patient_id")
            },
            "account.payment": {
                link: {"memo": None} for link in ("partner_id", "clinic_patient_id")
            },
            "account.bank.statement.line": {
                "partner_id": {"payment_ref": "–", **dict.fromkeys(statement)}
            },
            "payment.transaction": {
                "partner_id": dict.fromkeys(
                    (
                        *(f"partner_{name}" for name in buyer),
                        *("state_message", "yookassa_body", "landing_route"),
                    )
                )
            },
            "payment.token": {"partner_id": {"payment_details": None, "active": False}},
            "clinic.charge": {"patient_id": dict.fromkeys(("waive_reason", "error"))},
            "clinic.visit.profile": {"patient_id": dict.fromkeys(("contract_number",))},
            "clinic.receipt": {
                "patient_id": dict.fromkeys(("contact", "yookassa_body"))
            },
            "clinic.match": {"patient_id": {"undo_reason": None}},
        }
