from odoo import api, fields, models


class ClinicObservationRange(models.Model):
    _name = "clinic.observation.range"
    _description = "Reference range"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    # The narrower one first: a range for one sex goes before one for both.
    _order = "type_id, sex, age_from, id"

    type_id = fields.Many2one(
        "clinic.observation.type", required=True, index=True, ondelete="restrict"
    )
    sex = fields.Selection([("male", "Male"), ("female", "Female")])
    age_from = fields.Integer(string="From, years")
    age_to = fields.Integer(string="Under, years", help="0: no end.")
    has_low = fields.Boolean(string="Lower bound", default=True)
    low = fields.Float(string="Lowest normal")
    has_high = fields.Boolean(string="Upper bound", default=True)
    high = fields.Float(string="Highest normal")

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "age_from": (0, 150),
            "age_to": (0, 150),
            "low": (-(10**9), 10**9),
            "high": (-(10**9), 10**9),
        }
