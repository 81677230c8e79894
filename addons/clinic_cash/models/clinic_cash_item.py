from odoo import fields, models


class ClinicCashItem(models.Model):
    """What moved at the tills: one row for each posted entry of a shift.

    Read from the ledger whenever it is asked for; nothing is kept.
    """

    _name = "clinic.cash.item"
    _description = "Operation of a cash desk"
    _auto = False
    _order = "id desc"
    _rec_name = "move_id"

    shift_id = fields.Many2one("clinic.cash.shift", readonly=True)
    desk_id = fields.Many2one("clinic.cash.desk", readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    patient_id = fields.Many2one("clinic.patient", readonly=True)
    date = fields.Date(readonly=True)
    moment = fields.Datetime(string="Time", readonly=True)
    reason = fields.Char(readonly=True)
    kind = fields.Selection(
        [
            ("cash", "Paid in cash"),
            ("card", "Paid by card"),
            ("cash_refund", "Given back in cash"),
            ("card_refund", "Given back to the card"),
            ("in", "Put in"),
            ("out", "Taken out"),
            ("opening", "Difference at the opening"),
            ("closing", "Difference at the closing"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(
        readonly=True, help="Negative when money leaves the cash desk."
    )

    @property
    def _table_query(self):
        """The side of the till of each entry; the number is that of the entry."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        self.env["account.payment"].flush_model()
        return """
            SELECT move.id, move.id AS move_id, move.date, move.create_date AS moment,
                   move.clinic_cash_shift_id AS shift_id, shift.desk_id,
                   shift.branch_id, move.company_id, company.currency_id,
                   move.create_uid AS user_id, payment.id AS payment_id,
                   payment.clinic_patient_id AS patient_id,
                   CASE WHEN payment.id IS NULL THEN move.ref END AS reason,
                   CASE WHEN payment.id IS NULL THEN move.clinic_cash_kind
                        ELSE (CASE WHEN journal.type = 'cash'
                                   THEN 'cash' ELSE 'card' END)
                          || (CASE WHEN payment.payment_type = 'outbound'
                                   THEN '_refund' ELSE '' END)
                         END AS kind,
                   sum(item.balance) AS amount
              FROM account_move AS move
              JOIN clinic_cash_shift AS shift ON shift.id = move.clinic_cash_shift_id
              JOIN res_company AS company ON company.id = move.company_id
              JOIN account_journal AS journal ON journal.id = move.journal_id
         LEFT JOIN account_payment AS payment ON payment.id = move.origin_payment_id
              JOIN account_move_line AS item
                ON item.move_id = move.id
               AND item.account_id = COALESCE(payment.outstanding_account_id,
                                              journal.default_account_id)
             WHERE move.state = 'posted'
          GROUP BY move.id, shift.id, company.id, journal.id, payment.id
        """
