from odoo import fields, models


class ClinicCancelReason(models.Model):
    _inherit = "clinic.cancel.reason"

    takes_fee = fields.Boolean(
        string="Fee when late",
        help="Who cancels late for this reason pays the branch's fee.",
    )
