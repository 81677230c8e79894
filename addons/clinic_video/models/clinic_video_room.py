from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

OPENS_BEFORE = timedelta(minutes=10)
# A visit that has begun may take longer than planned, but not for ever.
LONGEST_OVERTIME = timedelta(hours=2)
OPEN_STATES = ("booked", "confirmed", "arrived", "in_progress")


class ClinicVideoRoom(models.Model):
    """Where a visit by video takes place, and the patient's secret link to it.

    The link is made when it is first needed, the room when somebody enters: a booking
    writes neither. A provider is a choice of ``_get_provider`` and two methods,
    ``_open_<provider>`` and ``_close_<provider>``; the one built in is Odoo Discuss,
    whose STUN and TURN servers are ``mail.ice.server``.
    """

    _name = "clinic.video.room"
    _description = "Video room"
    _inherit = ["clinic.visit.secret.mixin"]

    _link_path = "/clinic/video/{token}"

    # Its number is nobody's to read.
    channel_id = fields.Many2one(
        "discuss.channel", readonly=True, ondelete="set null", groups=fields.NO_ACCESS
    )

    _opened = models.Index("(id) WHERE channel_id IS NOT NULL")

    def _get_link_end(self):
        return self.appointment_id.stop + LONGEST_OVERTIME

    def _is_link_kept(self):
        """Nobody receives behind the door of a specialist who has left."""
        return self.appointment_id.specialist_id._is_serving()

    @api.model
    def _get_provider(self):
        """Hook: name of the provider."""
        # A plain word that steers the engine; no role reads parameters by itself.
        parameters = self.env["ir.config_parameter"].sudo()
        return parameters.get_param("clinic_schedule.video_provider") or "discuss"

    def _withdraw_links(self):
        """Who has come in by the address goes out too."""
        self.filtered("channel_id")._close()
        return super()._withdraw_links()

    def _is_open(self):
        """From ten minutes before the visit until it is over, if somebody receives."""
        self.ensure_one()
        visit, now = self.appointment_id, self.env.cr.now()
        end = visit.stop
        if visit.state == "in_progress":
            end += LONGEST_OVERTIME
        return (
            visit.state in OPEN_STATES
            and visit.start - OPENS_BEFORE <= now < end
            and self._is_link_kept()
        )

    def _is_over(self):
        visit = self.appointment_id
        return visit.state not in OPEN_STATES or (
            visit.stop <= self.env.cr.now() and not self._is_open()
        )

    def _open(self):
        """Address of the open room, made when it is missing.

        :raises UserError: before and after the visit
        """
        self.ensure_one()
        if not self._is_open():
            raise UserError(self.env._("The room opens ten minutes before the visit."))
        return getattr(self, f"_open_{self._get_provider()}")()

    def _close(self):
        for room in self:
            getattr(room, f"_close_{self._get_provider()}")()

    @api.model
    def _cron_close(self):
        """Rooms of visits that are over."""
        opened = self.search([("channel_id", "!=", False)])
        opened.filtered(lambda room: not room._is_open())._close()

    # === ODOO DISCUSS === #

    def _open_discuss(self):
        if not self.channel_id:
            # A group: only its members see it, guests included.
            # Odoo makes whoever opens it a member.
            door = self.env["discuss.channel"]._open_door()
            self.channel_id = door.create(
                {
                    "name": self.env._("Visit by video"),
                    "channel_type": "group",
                    "default_display_mode": "video_full_screen",
                    "is_clinic_video": True,
                    "channel_member_ids": [],
                }
            )
        return f"/discuss/channel/{self.channel_id.id}"

    def _close_discuss(self):
        channel = self.channel_id
        channel.rtc_session_ids.unlink()
        channel.channel_member_ids.unlink()
        # Whoever has kept the channel's own link does not get in again.
        channel.write({"active": False, "uuid": channel._generate_random_token()})
        self.channel_id = False
