from odoo.tests import BaseCase, new_test_user, tagged

from odoo.addons.clinic_base.tests.imports.test_list_import import ListCase
from odoo.addons.clinic_base.tools.list_rows import name_columns

from ...tools.week_rows import read_clock, read_hours, read_weekdays
from ..common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestWeekRows(BaseCase):
    def test_weekdays_and_hours_as_people_write_them(self):
        self.assertEqual(read_weekdays("Пн., Ср и пт"), (0, 2, 4))
        self.assertEqual(read_weekdays("понедельник - среда"), (0, 1, 2))
        self.assertEqual(read_weekdays("Mon-Fri"), (0, 1, 2, 3, 4))
        self.assertEqual(read_hours("9.00 – 15.30"), (540, 930))
        self.assertEqual(read_clock("09:00:00"), 540)
        for read, text in (
            (read_weekdays, "иногда"),
            (read_weekdays, "пт-пн"),
            (read_weekdays, ""),
            (read_clock, "25:00"),
            (read_clock, "9:75"),
            (read_hours, "с утра"),
            (read_hours, "9-9"),
        ):
            with self.assertRaises(ValueError, msg=text):
                read(text)


@tagged("post_install", "-at_install")
class TestShiftList(ListCase, ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "rosters", groups="clinic_base.group_clinic_manager"
        )
        cls.patterns = cls.env["clinic.shift.pattern"]

    def load_hours(self, *rows):
        titles = ["Врач", "Филиал", "Кабинет", "Дни недели", "Часы", "Действует с"]
        content = self.make_file([titles, *rows])
        return self.load("shifts", content, self.manager)

    def prepare_row(self, days="пн, вт", hours="9:00-15:00", room=None):
        who = self.specialist.name
        return [who, "North", room or self.room.name, days, hours, f"{MONDAY:%d.%m.%Y}"]

    def test_weekly_hours_become_patterns_and_shifts(self):
        run = self.load_hours(
            self.prepare_row(),
            self.prepare_row("когда-нибудь"),
            self.prepare_row("ср", "рано"),
            self.prepare_row("ср", room="Чулан"),
        )
        self.assertEqual(self.get_states(run), ["made", "refused", "refused", "asked"])
        patterns = self.patterns.search([("specialist_id", "=", self.specialist.id)])
        self.assertEqual(set(patterns.mapped("weekday")), {"0", "1"})
        self.assertEqual(set(patterns.mapped("minute_from")), {540})
        self.assertEqual(patterns.room_id, self.room)
        self.assertTrue(
            self.env["clinic.shift"].search_count(
                [("specialist_id", "=", self.specialist.id)]
            )
        )

    def test_titles_of_one_column_of_hours_or_of_two(self):
        for titles in (
            "Специалист|Филиал|Кабинет|Дни недели|Часы|Период, недель|Действует с",
            "Врач|Клиника|Кабинет|День|С|До",
        ):
            rules = self.env["clinic.list.shifts"]._rules
            columns = name_columns(titles.split("|"), rules)
            self.assertNotIn(None, columns, titles)

    def test_a_second_run_changes_nothing_and_other_hours_are_asked(self):
        self.load_hours(self.prepare_row())
        again = self.load_hours(self.prepare_row())
        self.assertEqual(self.get_states(again), ["known"])
        other = self.load_hours(self.prepare_row("вт, ср", "10:00-16:00"))
        self.assertEqual(self.get_states(other), ["asked"])
        patterns = self.patterns.search([("specialist_id", "=", self.specialist.id)])
        self.assertEqual(len(patterns), 2)
