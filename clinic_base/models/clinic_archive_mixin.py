from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicArchiveMixin(models.AbstractModel):
    """Business records are archived with a reason, never deleted.

    ``unlink()`` raises for everyone, the superuser included, and no context key lifts
    it: a client's context reaches every public method.
    """

    _name = "clinic.archive.mixin"
    _description = "Archive instead of delete"

    active = fields.Boolean(default=True)
    archive_reason = fields.Char(copy=False, readonly=True)
    archived_by_id = fields.Many2one("res.users", copy=False, readonly=True)
    archived_on = fields.Datetime(copy=False, readonly=True)

    def unlink(self):
        if not self:
            return True
        raise UserError(
            self.env._(
                "%(model)s: records are kept. Archive the record instead of deleting"
                " it.",
                model=self.env["ir.model"]._get(self._name).sudo().name or self._name,
            )
        )

    def write(self, vals):
        return super().write(self._prepare_archive_vals(vals))

    @api.model
    def _prepare_archive_vals(self, vals):
        """Note who archives and when; restoring clears the reason."""
        if "active" not in vals:
            return vals
        if vals["active"]:
            trace = {
                "archive_reason": False,
                "archived_by_id": False,
                "archived_on": False,
            }
        else:
            trace = {
                "archived_by_id": self.env.uid,
                "archived_on": fields.Datetime.now(),
            }
        return {**trace, **vals}

    @api.private
    def archive_with_reason(self, reason):
        """Archive ``self`` and keep ``reason`` (text shown in the archive)."""
        return self.write({"active": False, "archive_reason": reason})
