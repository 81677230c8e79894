from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.clinic_base.tools.quiet_hours import quiet_until

from ..common import MONDAY, MessageCommon


@tagged("post_install", "-at_install")
class TestNight(MessageCommon):
    def test_nothing_goes_out_at_night(self):
        self.set_up_gateway(self.branch.company_id, self.addCleanup)
        self.travel(self.at(MONDAY - timedelta(days=1), "22:00"))
        message = self.queue()
        self.run_cron()
        self.assertEqual(message.state, "queued")
        self.assertEqual(message.scheduled_at, self.at(MONDAY, "09:00"))
        self.travel(self.at(MONDAY, "09:00"))
        self.run_cron()
        self.assertEqual(message.state, "sent")

    def test_the_night_is_that_of_the_branch(self):
        night = self.at(MONDAY, "08:59")
        self.assertEqual(
            quiet_until(night, "Europe/Moscow", 21, 9), self.at(MONDAY, "09:00")
        )
        self.assertIsNone(quiet_until(night, "Asia/Vladivostok", 21, 9))
        self.assertIsNone(quiet_until(self.at(MONDAY, "09:00"), self.tz, 21, 9))
        self.assertIsNone(quiet_until(night, self.tz, 9, 9))
        self.assertIsNone(quiet_until(self.at(MONDAY, "23:59"), self.tz, 24, 7))
        self.assertTrue(quiet_until(self.at(MONDAY, "00:00"), self.tz, 24, 7))

    def test_a_branch_follows_its_company_until_it_has_its_own_night(self):
        company = self.branch.company_id
        company.clinic_quiet_from = 0
        self.assertEqual(self.branch.quiet_from, 0)
        self.branch.write({"own_times": True, "quiet_from": 22})
        company.clinic_quiet_from = 20
        self.assertEqual(self.branch.quiet_from, 22)
        self.branch.own_times = False
        self.assertEqual(self.branch.quiet_from, 20)

    def test_a_message_without_a_branch_keeps_the_night_of_its_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        south = self.env["clinic.branch"].create(
            {"name": "South", "tz": "Asia/Vladivostok", "company_id": other.id}
        )
        [message] = self.messages._enqueue(
            "other",
            [
                {
                    "key": "theirs",
                    "company_id": other.id,
                    "channel": "sms",
                    "recipient": "+79160000001",
                    "body": "Text",
                }
            ],
        )
        self.assertEqual(message._get_branch(), south)
