from odoo import models
from odoo.exceptions import AccessError, UserError

OVER = {"done", "cancelled", "no_show"}


class ClinicAppointment(models.Model):
    """Visits by video: the specialist's door, and the patient's link."""

    _inherit = "clinic.appointment"

    def action_join_video(self):
        """Lead the specialist into the room.

        :raises UserError: before and after the visit
        """
        self.check_access("read")
        self.ensure_one()
        user = self.env.user
        if self.specialist_id.user_id != user:
            raise AccessError(self.env._("Only the specialist can enter this way."))
        if not self.telemedicine:
            raise UserError(self.env._("This visit is not by video."))
        # Checked just above; no role writes rooms or channels for others.
        room = self.env["clinic.video.room"].sudo()._get(self.sudo())
        address = room._open()
        room.channel_id._open_door()._add_members(users=user, post_joined_message=False)
        return {"type": "ir.actions.act_url", "url": address, "target": "new"}

    def _after_state_change(self, old, new):
        result = super()._after_state_change(old, new)
        if new in OVER and any(self.mapped("telemedicine")):
            rooms = self.env["clinic.video.room"].search(
                [("appointment_id", "in", self.ids), ("channel_id", "!=", False)]
            )
            rooms._close()
        return result

    def _notify_patient(self, purpose, scheduled_at=None):
        result = super()._notify_patient(purpose, scheduled_at)
        remote = self.filtered("telemedicine")
        if purpose == "booked" and remote:
            super(ClinicAppointment, remote)._notify_patient("video")
        return result

    def _find_secret_links(self):
        rooms = self.env["clinic.video.room"].search(self._get_links_domain())
        return [*super()._find_secret_links(), rooms]

    def _get_message_values(self, purpose):
        values = super()._get_message_values(purpose)
        if purpose == "video":
            values["link"] = self.env["clinic.video.room"]._get(self)._get_address()
        return values
