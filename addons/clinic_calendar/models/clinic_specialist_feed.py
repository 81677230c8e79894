from odoo import fields, models
from odoo.exceptions import AccessError


class ClinicSpecialist(models.Model):
    """The own visits in the calendar of a telephone."""

    _inherit = "clinic.specialist"

    feed_initials = fields.Boolean(
        string="Initials in the calendar of the telephone",
        help="Otherwise visits there name nobody.",
    )
    is_own_profile = fields.Boolean(compute="_compute_is_own_profile")

    def _compute_is_own_profile(self):
        for specialist in self:
            specialist.is_own_profile = specialist.user_id == self.env.user

    def action_renew_feed(self):
        """Show a new secret address, for the only time; the one before it dies."""
        feeds = self._get_own_feeds()
        token = feeds._renew(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calendar of your telephone"),
            "res_model": "clinic.calendar.address",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_specialist_id": self.id,
                "default_address": f"{self.get_base_url()}/clinic/ics/{token}.ics",
            },
        }

    def action_revoke_feed(self):
        """From now on the address answers nothing.

        :raises AccessError: for everybody but the specialist and managers
        """
        self.check_access("read")
        if not self.env.user.has_group("clinic_base.group_clinic_manager"):
            self._get_own_feeds()
        # Checked just above: the specialist, or a manager without them.
        self.env["clinic.calendar.feed"].sudo()._revoke(self)
        return {"type": "ir.actions.act_window_close"}

    def _get_own_feeds(self):
        """:raises AccessError: for everybody but the specialist in person"""
        self.check_access("read")
        self.ensure_one()
        if self.user_id != self.env.user:
            raise AccessError(
                self.env._("Only the specialist can have this address made.")
            )
        # Checked just above; no role writes addresses by hand.
        return self.env["clinic.calendar.feed"].sudo()
