from odoo import api, models


class CalendarPublicHolidayLine(models.Model):
    """A holiday that is entered, moved or taken away changes the roster at once."""

    _inherit = "calendar.public.holiday.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._plan_anew(set(lines.mapped("date")))
        return lines

    def write(self, vals):
        before = set(self.mapped("date"))
        result = super().write(vals)
        if vals.keys() & {"date", "state_ids", "public_holiday_id"}:
            self._plan_anew(before | set(self.mapped("date")))
        return result

    def unlink(self):
        days = set(self.mapped("date"))
        result = super().unlink()
        self.browse()._plan_anew(days)
        return result

    @api.model
    def _plan_anew(self, days):
        # Whoever keeps the list of holidays need not have the right to edit shifts.
        self.env["clinic.shift.pattern"].sudo()._generate_on(days)
