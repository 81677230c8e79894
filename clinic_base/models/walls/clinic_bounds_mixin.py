from odoo import api, models
from odoo.exceptions import ValidationError


class ClinicBoundsMixin(models.AbstractModel):
    """Numbers that people set, each between bounds of its own.

    A number beyond them is a slip of the hand: it would keep holds for weeks or write a
    century of shifts.
    """

    _name = "clinic.bounds.mixin"
    _description = "Numbers with bounds"

    @api.model
    def _get_bounds(self):
        """Hook: ``{field: (lowest, highest)}``, both allowed, in the field's unit."""
        return {}

    @api.constrains(lambda self: tuple(self._get_bounds()))
    def _check_bounds(self):
        """:raises ValidationError: says which number, and between what it lies"""
        for name, (low, high) in self._get_bounds().items():
            for record in self:
                if not low <= record[name] <= high:
                    raise ValidationError(
                        self.env._(
                            "“%(setting)s” lies between %(low)s and %(high)s.",
                            setting=self._fields[name]._description_string(self.env),
                            low=low,
                            high=high,
                        )
                    )
