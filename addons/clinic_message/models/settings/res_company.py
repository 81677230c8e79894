from odoo import api, fields, models


class ResCompany(models.Model):
    """The night, in which nothing is sent that can wait."""

    _inherit = "res.company"

    clinic_quiet_from = fields.Integer(
        string="Nothing is sent from",
        default=21,
        help="Hour of the branch from which nothing is sent that can wait.",
    )
    clinic_quiet_to = fields.Integer(
        string="Nothing is sent until",
        default=9,
        help="Hour of the branch from which it is sent again.",
    )

    _clinic_quiet_hours_of_the_day = models.Constraint(
        "CHECK (LEAST(clinic_quiet_from, clinic_quiet_to) >= 0"
        " AND GREATEST(clinic_quiet_from, clinic_quiet_to) <= 23)",
        "An hour of the day lies between 0 and 23.",
    )

    @api.model
    def _get_bounds(self):
        hours = dict.fromkeys(("clinic_quiet_from", "clinic_quiet_to"), (0, 23))
        return {**super()._get_bounds(), **hours}
