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
    ties = fields.Text(string="What hangs on it", compute="_compute_names")
    can_cancel = fields.Boolean(compute="_compute_names")
    way = fields.Selection(
        [
            ("desk", "The desk moves the visits: they wait in its list"),
            ("cancel", "Cancel the visits now and tell the patients"),
        ],
        string="Coming visits",
        required=True,
        default="desk",
    )

    @api.depends("res_model", "res_ids")
    def _compute_names(self):
        for wizard in self:
            records = wizard._get_records()
            wizard.names = ", ".join(records.mapped("display_name"))
            wizard.ties = "\n".join(records._get_ties())
            wizard.can_cancel = records._has_cancellable_ties()

    def _get_records(self):
        """:raises UserError: if the model's records are not archived with a reason"""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or not hasattr(model, "archive_with_reason"):
            raise UserError(self.env._("These records are not archived with a reason."))
        return model.browse(self.res_ids)

    def action_archive(self):
        """The caller's own rights decide, as for any other writing."""
        records = self._get_records()
        if self.way == "cancel" and records._has_cancellable_ties():
            records._cancel_ties()
        records.archive_with_reason(self.reason)
        return {"type": "ir.actions.act_window_close"}
