from odoo import models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _is_in(self, currency):
        """Whether the bank account is kept in ``currency``."""
        return bool(self) and self.currency_id in (currency, currency.browse())

    def _get_bank_statements_available_import_formats(self):
        return [
            *super()._get_bank_statements_available_import_formats(),
            "1CClientBankExchange",
        ]

    def create_document_from_attachment(self, attachment_ids):
        """A file dropped on the card of a bank is its statement.

        :return: the action that shows what has become of it
        """
        journal = self or self.browse(self.env.context.get("default_journal_id"))
        if journal.type != "bank":
            return super().create_document_from_attachment(attachment_ids)
        imports = self.env["account.statement.import"].with_context(
            journal_id=journal.id
        )
        # The wizard checks who may import, and keeps the files with the statements.
        return imports.create(
            [
                {
                    "statement_file": attachment.datas,
                    "statement_filename": attachment.name,
                }
                for attachment in self.env["ir.attachment"].browse(attachment_ids)
            ]
        ).import_file_button()
