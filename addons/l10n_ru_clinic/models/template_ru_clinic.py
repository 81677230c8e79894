"""Chart of accounts of a Russian clinic.

Accounts and their numbers follow order 94n of the Ministry of Finance of 31.10.2000;
the second level (50.01, 62.02, 68.90) is the one that accountants know from 1C. Rates
and exemptions of VAT: articles 149 and 164 of the Tax Code, 22 % since 2026.
"""

from odoo import models
from odoo.fields import Command

from odoo.addons.account.models.chart_template import template

CODE = "ru_clinic"
# Payments that the bank has not confirmed yet are money in transit, too.
TRANSIT_PREFIX = "57.0"


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    @template(CODE)
    def _get_ru_clinic_template_data(self):
        return {
            "name": self.env._("Clinics"),
            "code_digits": "2",
            "property_account_receivable_id": "ru_62_01",
            "property_account_payable_id": "ru_60_01",
        }

    @template(CODE, "res.company")
    def _get_ru_clinic_res_company(self):
        return {
            self.env.company.id: {
                "anglo_saxon_accounting": False,
                "account_fiscal_country_id": "base.ru",
                "bank_account_code_prefix": "51.00",
                "cash_account_code_prefix": "50.00",
                "transfer_account_code_prefix": TRANSIT_PREFIX,
                "transfer_account_id": "ru_57_01",
                "account_journal_suspense_account_id": "ru_57_09",
                "income_account_id": "ru_90_01",
                "expense_account_id": "ru_26",
                "income_currency_exchange_account_id": "ru_91_01",
                "expense_currency_exchange_account_id": "ru_91_02",
                "account_journal_early_pay_discount_gain_account_id": "ru_91_01",
                "account_journal_early_pay_discount_loss_account_id": "ru_91_02",
                "default_cash_difference_income_account_id": "ru_91_01",
                "default_cash_difference_expense_account_id": "ru_94",
                "account_sale_tax_id": "vat_exempt_sale",
                "account_purchase_tax_id": "vat_exempt_purchase",
            },
        }

    @template(CODE, "account.journal")
    def _get_ru_clinic_account_journal(self):
        return {
            "bank": {
                "name": self.env._("Settlement account"),
                "code": self.env._("BANK"),
                "default_account_id": "ru_51_01",
            },
            "cash": {
                "name": self.env._("Cash desk"),
                "type": "cash",
                "code": self.env._("CASH"),
                "default_account_id": "ru_50_01",
                "show_on_dashboard": True,
                "sequence": 8,
                # What is counted into the drawer is in no transit.
                **{
                    f"{way}bound_payment_method_line_ids": [
                        Command.create(
                            {
                                "payment_method_id": (
                                    f"account.account_payment_method_manual_{way}"
                                ),
                                "payment_account_id": "ru_50_01",
                            }
                        )
                    ]
                    for way in ("in", "out")
                },
            },
        }

    @template(CODE, "account.reconcile.model")
    def _get_ru_clinic_reconcile_models(self):
        """Ready rules for lines of the bank: offered as buttons, and proposed where the
        purpose says so. They are changed and switched off like any other."""
        rules = {
            "bank_fees_reco": [
                self.env._("Bank fee"),
                "комисси|за ведение сч[её]та|расч[её]тно-кассов",
                "ru_91_02_01",
            ],
            "internal_transfer_reco": [
                self.env._("Own transfer"),
                "собственных средств|между (своими )?счетами|пополнение счета",
                "ru_57_01",
            ],
            "tax_reco": [
                self.env._("Taxes (single tax account)"),
                "единый налог|(^|[^а-яё])енп([^а-яё]|$)|страховые взносы|налог на",
                "ru_68_90",
            ],
            "cash_in_reco": [
                self.env._("Cash brought to the bank"),
                "инкасс|взнос наличн|внесение наличн|торговая выручка",
                "ru_57_02",
            ],
            "acquiring_reco": [
                self.env._("Acquiring"),
                "эквайринг|по операциям .*карт|возмещение .*(карт|терминал)",
                "ru_57_03",
            ],
        }
        return {
            key: {
                "name": name,
                "match_label": "match_regex",
                "match_label_param": purpose,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account,
                            "amount_type": "percentage",
                            "amount_string": "100",
                            "label": name,
                        }
                    )
                ],
            }
            for key, (name, purpose, account) in rules.items()
        }

    def _create_outstanding_accounts(self, company, bank_prefix, code_digits):
        if company.chart_template == CODE:
            bank_prefix, code_digits = TRANSIT_PREFIX, len("57.01")
        return super()._create_outstanding_accounts(company, bank_prefix, code_digits)

    def _get_bank_fees_reco_account(self, company):
        fees = self.ref("ru_91_02_01", raise_if_not_found=False)
        if company.chart_template == CODE and fees:
            return fees
        return super()._get_bank_fees_reco_account(company)
