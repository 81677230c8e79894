from odoo import fields, models

PURPOSES = [
    ("booked", "Visit booked"),
    ("moved", "Visit moved"),
    ("cancelled", "Visit cancelled"),
    ("series", "Standing visits booked"),
    ("offer", "A time has become free"),
    ("video", "Link to a visit by video"),
    ("reminder", "Reminder"),
    ("prepare", "Reminder with preparation"),
    ("missed", "Missed visit"),
    ("again", "Time to come again"),
    ("specialist", "News for a specialist"),
]


class ClinicMessagePurposeMixin(models.AbstractModel):
    _inherit = "clinic.message.purpose.mixin"

    purpose = fields.Selection(
        selection_add=[*PURPOSES, ("other",)],
        ondelete={
            purpose: lambda records: records._lose_purpose()
            for purpose, _label in PURPOSES
        },
    )
