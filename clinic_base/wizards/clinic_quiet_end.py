from odoo import api, fields, models


class ClinicQuietEnd(models.TransientModel):
    """The question before a restored database works again: what waits in it."""

    _name = "clinic.quiet.end"
    _description = "Let a restored database go"

    since = fields.Datetime(string="Restored on", readonly=True)
    waiting = fields.Text(string="Waits since the backup", readonly=True)

    @api.model
    def default_get(self, names):
        quiet = self.env["clinic.quiet"]
        since = quiet.get_since()
        lines = [
            self.env._("%(kind)s: %(count)s", kind=kind, count=count)
            for kind, count in quiet._get_waiting(since or self.env.cr.now())
        ]
        known = {"since": since, "waiting": "\n".join(lines)}
        return {**super().default_get(names), **known}

    def action_release(self):
        """Let it go and show the web client anew."""
        self.env["clinic.quiet"].release()
        return {"type": "ir.actions.client", "tag": "reload"}
