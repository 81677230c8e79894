from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.models.imports.name_lookup import AskedError
from odoo.addons.clinic_base.tools.letters import fold
from odoo.addons.clinic_base.tools.list_rows import read_day, read_whole

from ...tools.week_rows import order_hours, read_clock, read_hours, read_weekdays


class ClinicListShifts(models.AbstractModel):
    """Weekly hours of specialists, branch time; a row may name several weekdays."""

    _name = "clinic.list.shifts"
    _description = "List of weekly shifts"
    _inherit = ["clinic.list.mixin"]

    _rules = (
        ("specialist", r"специалист|врач|доктор|ф\W{0,2}и\W{0,2}о|сотрудник|^special"),
        ("branch", r"филиал|^branch|клиник"),
        ("room", r"кабинет|^room"),
        ("weekday", r"день|дни|^weekday|^day"),
        ("hours", r"часы|время|смена|^hours"),
        ("minute_from", r"^с$|начал|^from"),
        ("minute_to", r"^до$|^по$|окончан|конец|^until"),
        ("interval_weeks", r"недел|^every|период"),
        ("date_from", r"действ|дата|^valid|^since"),
    )
    _needed = "specialist"

    @api.model
    def _get_sample(self):
        titles = [
            self.env._("Specialist"),
            self.env._("Branch"),
            self.env._("Room"),
            self.env._("Weekdays"),
            self.env._("Hours"),
            self.env._("From"),
            self.env._("Until"),
            self.env._("Every so many weeks"),
            self.env._("Valid from"),
        ]
        who = self.env["clinic.specialist"].search([], limit=1).name
        room = self.env["clinic.room"].search([], limit=1)
        place = [room.branch_id.name, room.name]
        days = self.env._("Mon-Wed, Fri")
        day = f"{fields.Date.context_today(self, self.env.cr.now()):%d.%m.%Y}"
        return titles, [
            [who, *place, days, "9:00-15:00", None, None, 1, day],
            [who, *place, self.env._("Sat"), None, "10:00", "14:00", 2, day],
        ]

    def _take(self, values, run, lookup):
        specialist = lookup.find("clinic.specialist", values.get("specialist", ""))
        branch = lookup.find_branch(values.get("branch", ""))
        hours = self._read_hours(values)
        weekdays = self._read(values, "weekday", read_weekdays)
        if not weekdays:
            raise UserError(self.env._("The row names no day of the week."))
        wanted = {
            "specialist_id": specialist.id,
            "branch_id": branch.id,
            "room_id": self._find_room(values, branch).id,
            "minute_from": hours[0],
            "minute_to": hours[1],
            "interval_weeks": self._read(values, "interval_weeks", read_whole, 1),
        }
        made = [
            self._take_day({**wanted, "weekday": str(day)}, values) for day in weekdays
        ]
        return any(made)

    def _read_hours(self, values):
        """(from, to) of one column or of two.

        :raises UserError: there are none, or they are not understood
        """
        if "hours" in values:
            return self._read(values, "hours", read_hours)
        ends = [
            self._read(values, name, read_clock)
            for name in ("minute_from", "minute_to")
        ]
        if None in ends:
            raise UserError(self.env._("The row says no hours."))
        try:
            return order_hours(*ends)
        except ValueError as error:
            raise UserError(self.env._("The shift has no length.")) from error

    @api.model
    def _find_room(self, values, branch):
        """:raises AskedError: the branch has none or several of this name"""
        rooms = self.env["clinic.room"].search([("branch_id", "=", branch.id)])
        if "room" not in values:
            return rooms.browse()
        found = rooms.filtered(lambda room: fold(room.name) == fold(values["room"]))
        if len(found) != 1:
            raise AskedError(
                self.env._(
                    "%(branch)s: no room, or several, called “%(room)s”.",
                    branch=branch.name,
                    room=values["room"],
                )
            )
        return found

    def _take_day(self, wanted, values):
        """The pattern of one weekday; False if there is one as the row says.

        :raises AskedError: the specialist has other hours at that time
        """
        siblings = self.env["clinic.shift.pattern"].search(
            [
                ("specialist_id", "=", wanted["specialist_id"]),
                ("weekday", "=", wanted["weekday"]),
                ("minute_from", "<", wanted["minute_to"]),
                ("minute_to", ">", wanted["minute_from"]),
                ("date_to", "=", False),
            ]
        )
        same = [
            sibling
            for sibling in siblings
            if all(
                (sibling[name].id if name.endswith("_id") else sibling[name]) == value
                for name, value in wanted.items()
            )
        ]
        if same:
            return False
        # Alternating weeks may share the hours; the roster itself tells of clashes.
        weekly = siblings.filtered(lambda one: one.interval_weeks == 1)
        if weekly or (siblings and wanted["interval_weeks"] == 1):
            raise AskedError(
                self.env._(
                    "%(shift)s: there are other hours at that time.",
                    shift=siblings[0].display_name,
                )
            )
        today = fields.Date.context_today(self, self.env.cr.now())
        day = self._read(values, "date_from", lambda text: read_day(text, today))
        return self.env["clinic.shift.pattern"].create(
            {**wanted, "date_from": day or today}
        )

    def _finish(self, run, taken, lookup):
        """The hours of all of them are written ahead at once."""
        if not taken:
            return ""
        specialists = self.env["clinic.specialist"]
        for values in taken:
            specialists |= lookup.find("clinic.specialist", values["specialist"])
        patterns = self.env["clinic.shift.pattern"].search(
            [("specialist_id", "in", specialists.ids)]
        )
        patterns.action_generate()
        problems = patterns.filtered("problem").mapped("display_name")
        return problems and self.env._(
            "Some shifts are not written, see their patterns: %(patterns)s.",
            patterns=", ".join(problems),
        )
