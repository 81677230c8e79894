import base64
from pathlib import Path

from odoo.addons.clinic_finance.tests.common import FinanceCommon

FILES = Path(__file__).parent / "files"
OWN, SECOND = "40702810900000000001", "40702810200000000007"


class BankCommon(FinanceCommon):
    """A clinic with an account at a bank, whose statements an accountant imports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # OCA's reconciliation keeps still in tests unless it is asked for.
        cls.env = cls.env(
            context={**cls.env.context, "_test_account_reconcile_oca": True}
        )
        cls.company = cls.branch.company_id
        rubles = cls.env.ref("base.RUB")
        rubles.active = True
        cls.company.write(
            {"currency_id": rubles.id, "country_id": cls.env.ref("base.ru").id}
        )
        cls.bank = cls.create_bank("Bank", OWN)

    @classmethod
    def create_bank(cls, name, account):
        return cls.env["account.journal"].create(
            {"name": name, "type": "bank", "bank_acc_number": account}
        )

    def start(self, data, name="kl_to_1c.txt", user=None, **vals):
        """The wizard with a file (bytes), as opened from the card of the bank."""
        imports = self.env["account.statement.import"].with_user(
            user or self.accountant
        )
        return imports.with_context(journal_id=self.bank.id).create(
            {
                "statement_file": base64.b64encode(data),
                "statement_filename": name,
                **vals,
            }
        )

    def load(self, data, name="kl_to_1c.txt", **vals):
        """The wizard after the import, and the transactions it has made."""
        wizard = self.start(data, name, **vals)
        wizard.import_file_button()
        return wizard, wizard.clinic_statement_ids.line_ids.sudo().sorted("id")

    def transfer(self, amount, purpose, **vals):
        """One transaction on the bank account, as an import makes it."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-01",
                "amount": amount,
                "payment_ref": purpose,
                **vals,
            }
        )
