from odoo import api, fields, models


class ClinicObservationType(models.Model):
    """What is measured: a vital sign, a scale, a laboratory value."""

    _name = "clinic.observation.type"
    _description = "Observation type"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "kind desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    short_name = fields.Char(translate=True, help="Shown where there is little room.")
    code = fields.Char(required=True)
    loinc = fields.Char(string="LOINC", help="Code of the LOINC nomenclature.")
    kind = fields.Selection(
        [("vital", "Vital sign"), ("scale", "Scale"), ("laboratory", "Laboratory")],
        required=True,
        default="laboratory",
    )
    unit = fields.Char(translate=True)
    digits = fields.Integer(default=0, help="Decimals that are shown.")
    lowest = fields.Float(help="Below this a value is a typing error.")
    highest = fields.Float(help="Above this a value is a typing error. 0: no limit.")
    chart = fields.Char(help="Types with the same word share one chart.")
    is_computed = fields.Boolean(help="Nobody types it in.")
    sequence = fields.Integer(default=10)
    range_ids = fields.One2many(
        "clinic.observation.range", "type_id", string="Reference ranges"
    )

    _code_once = models.Constraint("UNIQUE (code)", "This code exists already.")

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "digits": (0, 9),
            "lowest": (-(10**9), 10**9),
            "highest": (-(10**9), 10**9),
        }

    def _get_printed_name(self):
        self.ensure_one()
        return self.short_name or self.name

    @api.private
    def get_range(self, sex, age):
        """Reference range for a patient: ``(low, high)``, None where it is open.

        :param sex: male, female or False (only ranges for both hold then)
        :param age: full years, or None if it is not known (adult ranges hold then)
        """
        self.ensure_one()
        years = 30 if age is None else age
        for one in self.range_ids:
            if one.sex and one.sex != sex:
                continue
            if one.age_from <= years < (one.age_to or 999):
                return (
                    one.low if one.has_low else None,
                    one.high if one.has_high else None,
                )
        return None, None
