from odoo import api, fields, models


class AccountMove(models.Model):
    """Entries of a till carry the cashier's shift."""

    _inherit = "account.move"

    clinic_cash_shift_id = fields.Many2one(
        "clinic.cash.shift",
        string="Cashier's shift",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    clinic_cash_kind = fields.Selection(
        [
            ("in", "Put in"),
            ("out", "Taken out"),
            ("opening", "Difference at the opening"),
            ("closing", "Difference at the closing"),
        ],
        string="Kind of cash entry",
        readonly=True,
        copy=False,
        help="Of an entry of a till that is no payment.",
    )

    @api.depends("clinic_cash_shift_id")
    def _compute_clinic_branch_id(self):
        return super()._compute_clinic_branch_id()

    def _find_branches(self):
        """Where the till stands."""
        # The branch of a shift is no secret to whoever posts its entries.
        return self.clinic_cash_shift_id.sudo().branch_id or super()._find_branches()

    @api.model
    def _get_engine_fields(self):
        return super()._get_engine_fields() | {
            "clinic_cash_shift_id",
            "clinic_cash_kind",
        }

    def _is_of_clinic(self):
        """What lies in a till is counted, whoever paid."""
        return bool(self.clinic_cash_shift_id) or super()._is_of_clinic()
