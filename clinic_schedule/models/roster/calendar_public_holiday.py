import holidays

from odoo import api, models
from odoo.fields import Command


class CalendarPublicHoliday(models.Model):
    _inherit = "calendar.public.holiday"

    @api.model
    def _load_years(self, country, years):
        """Fill the lists of ``years`` from the ``holidays`` package.

        Days that are there already stay as they are; moved days off are part of the
        package's list. Weekend days that are worked instead become special days of all
        branches, received like a Friday.

        :param country: ``res.country``
        :param years: calendar years, integers
        :raises NotImplementedError: if the package does not know the country
        """
        for year in years:
            known = holidays.country_holidays(
                country.code, years=year, language=self._get_holiday_language(country)
            )
            self._ensure_year(country, year)._add_days(known)
            self._add_moved_workdays(known)

    @api.model
    def _get_holiday_language(self, country):
        supported = holidays.list_localized_countries().get(country.code, [])
        lang = (self.env.company.partner_id.lang or "").split("_")[0]
        return lang if lang in supported else None

    @api.model
    def _ensure_year(self, country, year):
        found = self.search(
            [("country_id", "=", country.id), ("year", "=", year)], limit=1
        )
        return found or self.create({"country_id": country.id, "year": year})

    def _add_days(self, known):
        self.ensure_one()
        present = set(self.line_ids.mapped("date"))
        self.write(
            {
                "line_ids": [
                    Command.create({"date": day, "name": name})
                    for day, name in sorted(known.items())
                    if day not in present
                ]
            }
        )

    @api.model
    def _add_moved_workdays(self, known):
        special = self.env["clinic.branch.day"]
        days = sorted(getattr(known, "weekend_workdays", ()))
        present = special.search(
            [("date", "in", days), ("branch_id", "=", False)]
        ).mapped("date")
        special.create(
            [
                {"date": day, "kind": "like", "weekday": "4"}
                for day in days
                if day not in present
            ]
        )
