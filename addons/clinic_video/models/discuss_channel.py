from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .discuss_channel_member import DOOR


class DiscussChannel(models.Model):
    """In a visit by video people see and hear each other: no chat, no files."""

    _inherit = "discuss.channel"

    is_clinic_video = fields.Boolean(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        channels = super().create(vals_list)
        if channels.parent_channel_id.filtered("is_clinic_video"):
            channels._refuse_chat()
        return channels

    def write(self, vals):
        """:raises AccessError: whoever is inside would open the room to others"""
        if "is_clinic_video" in vals and not self.env.su:
            raise AccessError(
                self.env._("Whether a room is that of a visit is not changed by hand.")
            )
        return super().write(vals)

    def _open_door(self):
        """``self`` for who has come by the door; the caller has checked that."""
        return self.with_context(clinic_door=DOOR)

    def message_post(self, *, message_type="notification", **kwargs):
        if not self.is_clinic_video:
            return super().message_post(message_type=message_type, **kwargs)
        if message_type != "notification":
            self._refuse_chat()
        # Who joined and left is written nowhere: that, too, tells of a visit.
        return self.env["mail.message"]

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        result = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "create":
            # Posting and uploading, by users and guests alike, ask this first.
            result |= dict.fromkeys(self.filtered("is_clinic_video"), False)
        return result

    def _mail_group_by_operation_for_mail_message_operation(self, message_operation):
        result = super()._mail_group_by_operation_for_mail_message_operation(
            message_operation
        )
        result.pop(False, None)
        return result

    def _refuse_chat(self):
        raise UserError(self.env._("A visit by video has neither chat nor files."))
