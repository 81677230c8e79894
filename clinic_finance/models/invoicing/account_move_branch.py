from odoo import api, fields, models


class AccountMove(models.Model):
    """Entries know their branch, so that a branch's books are whole entries."""

    _inherit = "account.move"

    clinic_branch_id = fields.Many2one(
        "clinic.branch",
        string="Branch",
        compute="_compute_clinic_branch_id",
        store=True,
        readonly=False,
        copy=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whose turnover it is. Empty: of several branches, or of none.",
    )

    @api.depends("clinic_appointment_id", "origin_payment_id")
    def _compute_clinic_branch_id(self):
        for move in self:
            branches = move._find_branches()
            move.clinic_branch_id = len(branches) == 1 and branches

    def _find_branches(self):
        """Branches that the entry speaks of, the most exact source first."""
        return (
            self.clinic_appointment_id.branch_id
            or self.line_ids.clinic_charge_id.branch_id
            or self.reversed_entry_id.clinic_branch_id
            # Whoever takes money need not see every charge.
            or self.origin_payment_id.sudo().clinic_charge_ids.branch_id
        )
