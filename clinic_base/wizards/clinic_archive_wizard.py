from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicArchiveWizard(models.TransientModel):
    """Asks why, wherever the web client archives."""

    _name = "clinic.archive.wizard"
    _description = "Archive with a reason"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(required=True, readonly=True)
    reason = fields.Char(required=True)
    names = fields.Char(compute="_compute_names")

    @api.depends("res_model", "res_ids")
    def _compute_names(self):
        for wizard in self:
            wizard.names = ", ".join(wizard._get_records().mapped("display_name"))

    def _get_records(self):
        """:raises UserError: if the model's records are not archived with a reason"""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "archive_with_reason"):
            raise UserError(self.env._("These records are not archived with a reason."))
        return model.browse(self.res_ids)

    def action_archive(self):
        """The caller's own rights decide, as for any other writing."""
        self._get_records().archive_with_reason(self.reason)
        return {"type": "ir.actions.act_window_close"}
