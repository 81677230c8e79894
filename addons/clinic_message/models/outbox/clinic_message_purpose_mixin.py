from odoo import fields, models


class ClinicMessagePurposeMixin(models.AbstractModel):
    """What a text is for and by which way it goes, for messages and templates alike.

    An addon adds its purposes here, once for both (docs/extend.md). What was written
    for a purpose stays when its addon goes, hence ``ondelete`` with _lose_purpose.
    """

    _name = "clinic.message.purpose.mixin"
    _description = "Purpose of a message"

    purpose = fields.Selection([("other", "Other")], required=True)
    channel = fields.Selection([("sms", "SMS"), ("email", "E-mail")])

    def _lose_purpose(self):
        """The addon that these were written for goes; they stay, for no purpose."""
        return self.write({"purpose": "other"})
