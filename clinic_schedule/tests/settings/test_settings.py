from datetime import timedelta

from odoo.tests import tagged

from ..common import MONDAY, ScheduleCommon


@tagged("-at_install", "post_install")
class TestScheduleSettings(ScheduleCommon):
    """A branch has times of its own, or those of its company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.branch.company_id
        cls.settings = cls.env["clinic.schedule.settings"]

    def test_a_branch_follows_its_company_until_it_has_its_own(self):
        self.company.write({"clinic_hold_minutes": 25, "clinic_quiet_from": 0})
        self.assertEqual(self.settings._get(self.branch).hold_minutes, 25)
        self.assertEqual(self.branch.quiet_from, 0)
        self.branch.write({"own_times": True, "hold_minutes": 40})
        self.company.clinic_hold_minutes = 5
        self.assertEqual(self.settings._get(self.branch).hold_minutes, 40)
        self.assertEqual(self.branch.quiet_from, 0)
        self.branch.own_times = False
        self.assertEqual(self.settings._get(self.branch).hold_minutes, 5)

    def test_a_branch_of_another_company_has_that_companys_times(self):
        other = self.env["res.company"].create({"name": "Other"})
        other.write({"clinic_tell_hour": 7, "clinic_horizon": 10})
        branch = self.branch.copy({"company_id": other.id})
        settings = self.settings._get(branch)
        self.assertEqual((settings.tell_hour, settings.horizon), (7, 10))
        self.assertNotEqual(self.settings._get(self.branch).tell_hour, 7)

    def test_a_hold_lasts_as_long_as_its_branch_says(self):
        self.create_shift()
        self.branch.write({"own_times": True, "hold_minutes": 33})
        self.company.clinic_hold_minutes = 5
        hold = self.visits.browse(self.visits.hold(self.prepare("09:00")))
        left = hold.expires_at - self.env.cr.now()
        self.assertAlmostEqual(left, timedelta(minutes=33), delta=timedelta(seconds=2))

    def test_midnight_is_an_hour_of_reminders(self):
        self.create_shift()
        self.company.write({"clinic_remind_hour": 0, "clinic_remind_days": 0})
        visit = self.book("11:00")
        visit.flush_recordset()
        self.env["clinic.message"].search([]).write({"state": "cancelled"})
        self.env.cr.execute("UPDATE clinic_message SET create_date = '2000-01-01'")
        self.freeze(self.at(MONDAY, "00:30"), self.addCleanup)
        self.assertIn(visit, self.visits._find_to_remind(self.branch))
