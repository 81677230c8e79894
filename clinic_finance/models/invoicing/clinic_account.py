from odoo import fields, models


class ClinicAccount(models.Model):
    """Personal accounts: what each payer has paid and been charged, by company.

    Computed from posted journal items whenever it is read; nothing is kept.
    """

    _name = "clinic.account"
    _description = "Personal account"
    _auto = False
    _order = "balance, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Payer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        [("private", "Private payer"), ("source", "Insurer or employer")], readonly=True
    )
    balance = fields.Monetary(
        readonly=True, help="Positive is the payer's money, negative is debt."
    )

    @property
    def _table_query(self):
        """One row per payer and company; the number is that of its first item."""
        self.env["account.move.line"].flush_model()
        return """
            SELECT account.*, company.currency_id,
                   CASE WHEN source.partner_id IS NULL
                        THEN 'private' ELSE 'source' END AS kind
              FROM (SELECT min(id) AS id, partner_id, company_id,
                           -sum(balance) AS balance
                      FROM account_move_line
                     WHERE parent_state = 'posted'
                       AND partner_id IS NOT NULL
                       AND account_id IN (SELECT id FROM account_account
                                           WHERE account_type = 'asset_receivable')
                  GROUP BY partner_id, company_id) AS account
              JOIN res_company AS company ON company.id = account.company_id
         LEFT JOIN (SELECT DISTINCT partner_id
                      FROM clinic_payment_source) AS source
                ON source.partner_id = account.partner_id
        """

    def action_open_statement(self):
        """The payer's statement of this year in the account's company."""
        self.ensure_one()
        return self.env["clinic.statement"]._open(self.partner_id, self.company_id)
