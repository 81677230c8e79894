from odoo import api, fields, models


class ClinicPatientCompare(models.TransientModel):
    """Two cards side by side, before they become one."""

    _name = "clinic.patient.compare"
    _description = "Two cards side by side"

    pair_id = fields.Many2one(
        "clinic.patient.duplicate", readonly=True, ondelete="cascade"
    )
    kept_id = fields.Many2one(
        "clinic.patient", string="Stays", required=True, readonly=True
    )
    merged_id = fields.Many2one(
        "clinic.patient", string="Becomes its alias", required=True, readonly=True
    )
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.depends("kept_id", "merged_id")
    def _compute_table(self):
        for wizard in self:
            wizard.table = wizard._render_table()

    def _render_table(self):
        others = self.merged_id._get_merge_summary()
        rows = [
            {
                "label": label,
                "texts": (text, other),
                "differs": tells_apart and text and other and text != other,
            }
            for (label, text, tells_apart), (_label, other, _apart) in zip(
                self.kept_id._get_merge_summary(), others, strict=True
            )
            if text or other
        ]
        return self.env["ir.qweb"]._render("clinic_base.compared_cards", {"rows": rows})

    def action_swap(self):
        """The other card stays."""
        self.ensure_one()
        self.write({"kept_id": self.merged_id.id, "merged_id": self.kept_id.id})
        return self._reopen()

    def action_merge(self):
        """:raises AccessError, UserError: see ``clinic.patient.merge``"""
        self.ensure_one()
        self.env["clinic.patient.merge"]._merge(self.kept_id, self.merged_id)
        self.pair_id._note_merged()
        return self.kept_id.action_open_card()

    def action_two_people(self):
        self.pair_id.action_two_people()
        return {"type": "ir.actions.act_window_close"}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Two cards side by side"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
