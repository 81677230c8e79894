from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.base.models.res_bank import sanitize_account_number
from odoo.addons.clinic_base.tools import uploads

from ..tools.client_bank import ExchangeError, is_exchange, read_statements
from ..tools.encoding import to_utf8


class AccountStatementImport(models.TransientModel):
    """Files of client banks in the format of 1C; the result on one screen."""

    _inherit = "account.statement.import"

    clinic_statement_ids = fields.Many2many("account.bank.statement", readonly=True)
    clinic_new = fields.Integer(string="New transactions", readonly=True)
    clinic_known = fields.Integer(string="Imported before", readonly=True)
    clinic_empty = fields.Integer(
        string="Without money",
        readonly=True,
        help="Documents of 0.00, as a bank writes that it takes no commission.",
    )
    clinic_refused = fields.Text(string="Not understood", readonly=True)
    clinic_reconciled = fields.Integer(string="Reconciled", readonly=True)
    clinic_proposed = fields.Integer(string="Proposed", readonly=True)
    clinic_left = fields.Integer(string="For you", readonly=True)

    # === READING === #

    def _import_file(self):
        """:raises UserError: a file that would take too much to read, of any format"""
        self._measure(uploads.decode, self.statement_file)
        return super()._import_file()

    def _measure(self, measure, content):
        try:
            measure(content)
        except uploads.TooLargeError as error:
            raise UserError(
                self.env._("The file is too large, or holds too much when unpacked.")
            ) from error
        except uploads.UnreadableError as error:
            raise UserError(self.env._("The file cannot be read.")) from error

    def import_single_file(self, file_data, result):
        wizard = self
        if is_exchange(file_data):
            # The file names its accounts, maybe several, whatever card it fell on.
            wizard = self.with_context(journal_id=False)
        response = super(AccountStatementImport, wizard).import_single_file(
            file_data, result
        )
        if not result["statement_ids"]:
            raise UserError(
                self.clinic_refused
                or self.env._("Everything in this file has been imported before.")
            )
        return response

    def _parse_file(self, data_file):
        """1CClientBankExchange; other formats are left to their modules.

        :raises UserError: names the line of the file that cannot be right
        """
        # Here, because members of an archive come this way one by one.
        self._measure(uploads.check, data_file)
        if uploads.declares_entities(data_file):
            raise UserError(self.env._("The file cannot be read."))
        if not is_exchange(data_file):
            mapping = self.sheet_mapping_id
            if mapping:
                data_file = to_utf8(data_file, mapping.file_encoding)
            try:
                return super()._parse_file(data_file)
            except (AttributeError, LookupError, TypeError) as error:
                # What readers of formats meet in a file that only looks like theirs.
                raise UserError(self.env._("The file cannot be read.")) from error
        try:
            statements = read_statements(data_file)
        except ExchangeError as error:
            raise UserError(self._explain_exchange(error)) from error
        self._check_accounts({statement.account for statement in statements})
        self._note_left_out(statements)
        return [
            (
                statement.currency,
                statement.account,
                [self._prepare_statement(statement)],
            )
            for statement in statements
        ]

    def _note_left_out(self, statements):
        """Keep what is not imported for the screen: nothing is dropped in silence."""
        self.clinic_empty += sum(statement.empty for statement in statements)
        refused = {error for statement in statements for error in statement.refused}
        told = [
            self._explain_exchange(error)
            for error in sorted(refused, key=lambda error: error.line)
        ]
        if told:
            before = filter(None, [self.clinic_refused])
            self.clinic_refused = "\n".join([*before, *told])

    def _explain_exchange(self, error):
        """What is wrong with a file of a client bank, in the user's language."""
        texts = {
            "encoding": self.env._("The file is in an encoding that no bank uses."),
            "truncated": self.env._(
                "The file breaks off after line %(line)s: its end is missing."
                " Download it again.",
                line=error.line,
            ),
            "unclosed": self.env._(
                "Line %(line)s: the section that begins here has no end.",
                line=error.line,
            ),
            "unopened": self.env._(
                "Line %(line)s: “%(value)s” ends a section that has not begun.",
                line=error.line,
                value=error.values.get("value", ""),
            ),
            "day": self.env._(
                "Line %(line)s: the section that begins here has the day “%(value)s”;"
                " days are written as 31.12.2026.",
                line=error.line,
                value=error.values.get("value", ""),
            ),
            "amount": self.env._(
                "Line %(line)s: the section that begins here has the sum “%(value)s”;"
                " that is no amount of money.",
                line=error.line,
                value=error.values.get("value", ""),
            ),
            "no_account": self.env._("The file does not name the account it is of."),
            "foreign": self.env._(
                "Line %(line)s: the payment that begins here is neither from nor to an"
                " account of this file.",
                line=error.line,
            ),
            "total": self.env._(
                "Account %(account)s, line %(line)s: by the bank %(name)s is %(told)s,"
                " by the payments %(found)s. Download the whole period again.",
                line=error.line,
                account=error.values.get("account", ""),
                name=error.values.get("name", ""),
                told=error.values.get("told", ""),
                found=error.values.get("found", ""),
            ),
        }
        return texts[error.code]

    def _check_accounts(self, accounts):
        """:raises UserError: an account of the file has no journal here"""
        journals = self.env["account.journal"].search([("type", "=", "bank")])
        known = set(journals.bank_account_id.mapped("sanitized_acc_number"))
        for account in sorted(accounts):
            if sanitize_account_number(account) not in known:
                raise UserError(
                    self.env._(
                        "No bank journal has the account %(account)s. Enter it in the"
                        " settings of the bank's journal.",
                        account=account,
                    )
                )

    def _prepare_statement(self, statement):
        """Values as ``account.statement.import._parse_file`` describes them."""
        vals = {
            "name": self.env._(
                "%(account)s, %(first)s to %(last)s",
                account=statement.account,
                first=fields.Date.to_string(statement.date_from),
                last=fields.Date.to_string(statement.date_to),
            ),
            "date": statement.date_to,
            "transactions": [self._prepare_entry(entry) for entry in statement.entries],
        }
        if statement.opening is not None:
            vals["balance_start"] = float(statement.opening)
        if statement.closing is not None:
            vals["balance_end_real"] = float(statement.closing)
        return vals

    def _prepare_entry(self, entry):
        return {
            "date": entry.day,
            "amount": float(entry.amount),
            "payment_ref": entry.purpose,
            "ref": entry.number,
            "unique_import_id": entry.key,
            "partner_name": entry.partner,
            "account_number": entry.partner_account,
            "raw_data": "\n".join(
                f"{key}={value}" for key, value in entry.source.fields.items()
            ),
        }

    # === RESULT === #

    def _create_bank_statements(self, stmts_vals, result):
        before = sum(len(vals["transactions"]) for vals in stmts_vals)
        statements = len(result["statement_ids"])
        response = super()._create_bank_statements(stmts_vals, result)
        made = self.env["account.bank.statement"].browse(
            result["statement_ids"][statements:]
        )
        self.clinic_known += before - len(made.line_ids)
        return response

    def import_file_button(self):
        """Import the files and show how much of them is done already."""
        made = [
            number for one in self for number in one._import_file()["statement_ids"]
        ]
        statements = self.env["account.bank.statement"].browse(made)
        lines = statements.line_ids
        reconciled = lines.filtered("is_reconciled")
        proposed = (lines - reconciled).filtered(
            lambda line: (line.reconcile_data_info or {}).get("counterparts")
        )
        shown = self[-1:]
        shown.write(
            {
                "clinic_statement_ids": [Command.set(statements.ids)],
                "clinic_new": len(lines),
                "clinic_known": sum(self.mapped("clinic_known")),
                "clinic_reconciled": len(reconciled),
                "clinic_proposed": len(proposed),
                "clinic_left": len(lines - reconciled - proposed),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement imported"),
            "res_model": self._name,
            "res_id": shown.id,
            "views": [
                (
                    self.env.ref(
                        "clinic_finance_bank.account_statement_import_result"
                    ).id,
                    "form",
                )
            ],
            "target": "new",
        }

    def action_reconcile(self):
        """The reconcile screen with what is left of this file."""
        journals = self.clinic_statement_ids.journal_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_reconcile_oca.action_bank_statement_line_reconcile"
        )
        return {
            **action,
            "name": self.env._("To reconcile"),
            "domain": [("statement_id", "in", self.clinic_statement_ids.ids)],
            "context": {
                "default_journal_id": journals[:1].id,
                "search_default_not_reconciled": True,
                "view_ref": (
                    "account_reconcile_oca.bank_statement_line_form_reconcile_view"
                ),
            },
        }
