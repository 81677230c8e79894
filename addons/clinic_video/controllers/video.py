from odoo import http
from odoo.http import request

from odoo.addons.clinic_base.tools.walltime import to_wall
from odoo.addons.mail.controllers.discuss.public_page import PublicPageController
from odoo.addons.mail.tools.discuss import Store, add_guest_to_context


class Video(http.Controller):
    @http.route(
        "/clinic/video/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def door(self, token):
        """A page with the door; who only previews the link creates nothing."""
        room = self._find_room(token)
        visit = room.appointment_id
        values = {
            "token": token,
            "is_open": room._is_open(),
            "is_over": room._is_over(),
            "start": to_wall(visit.start, visit.branch_id.tz),
        }
        return request.render("clinic_video.video_door", values)

    @http.route(
        "/clinic/video/<string:token>/enter",
        type="http",
        auth="public",
        methods=["POST"],
        sitemap=False,
    )
    @add_guest_to_context
    def enter(self, token):
        """Into the room, as a guest who is a member of nothing else."""
        room = self._find_room(token)
        if not room._is_open():
            return request.redirect(f"/clinic/video/{token}")
        address = room._open()
        if not room.channel_id:
            return request.redirect(address, local=False)
        known = request.env["mail.guest"]._get_guest_from_context()
        door = room.channel_id._open_door()
        _partner, guest = door._find_or_create_persona_for_channel(
            guest_name=request.env._("Patient"),
            country_code=request.geoip.country_code,
            timezone=request.env["mail.guest"]._get_timezone_from_request(request),
            post_joined_message=False,
        )
        channel = request.env["discuss.channel"].browse(room.channel_id.id)
        # The welcome page lets people try their camera and microphone.
        store = Store().add_global_values(
            isChannelTokenSecret=True, is_welcome_page_displayed=not known
        )
        return PublicPageController()._response_discuss_public_template(
            store, channel.with_context(guest=guest or known)
        )

    def _find_room(self, token):
        return request.env["clinic.video.room"]._find_or_refuse(token)
