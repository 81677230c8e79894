from odoo import api, models


class ClinicPatientMerge(models.Model):
    """Cards that are merged have one account: money on one pays what is owed on the
    other. When the merge is undone, each has its own money back."""

    _inherit = "clinic.patient.merge"

    @api.model
    def _merge(self, kept, merged):
        merge = super()._merge(kept, merged)
        # Money follows the cards, whoever was allowed to merge them.
        self.env["clinic.match"].sudo()._match(kept.sudo().partner_id)
        return merge

    def action_undo(self):
        undone = self.sudo().filtered(lambda merge: not merge.undone_on)
        result = super().action_undo()
        matches = self.env["clinic.match"].sudo()
        for merge in undone:
            ends = (merge.kept_id | merge.merged_id).partner_id
            with self.env["clinic.receipt"]._telling():
                matches._part_accounts(ends)
                matches._match(ends)
        return result
