from odoo import api, models
from odoo.exceptions import AccessError

# An object, which no client can put into its context.
DOOR = object()


class DiscussChannelMember(models.Model):
    """Into a visit by video people come by its doors alone: the patient's link and the
    specialist's button.

    Invitations, links of the channel, commands and calls of other code end here, those
    as superuser too.
    """

    _inherit = "discuss.channel.member"

    @api.model_create_multi
    def create(self, vals_list):
        members = super().create(vals_list)
        if self.env.context.get("clinic_door") is not DOOR:
            members._refuse_beside_door()
        return members

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"channel_id", "partner_id", "guest_id"}:
            self._refuse_beside_door()
        return result

    def _refuse_beside_door(self):
        """:raises AccessError: a member of a visit who has not come by its door"""
        if any(member.channel_id.is_clinic_video for member in self.sudo()):
            raise AccessError(
                self.env._(
                    "Only the patient and the specialist enter a visit by video."
                )
            )
