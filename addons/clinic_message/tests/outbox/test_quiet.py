"""Messages of a restored database are never sent a second time by themselves."""

from datetime import timedelta

from odoo.tests import tagged

from ..common import MessageCommon


@tagged("-at_install", "post_install")
class TestQuiet(MessageCommon):
    def keep(self, key, created, scheduled):
        """A message as a backup holds it."""
        message = self.env["clinic.message"].create(
            {
                "patient_id": self.patient.id,
                "purpose": "other",
                "channel": "sms",
                "recipient": "+79160000000",
                "body": "x",
                "key": key,
                "scheduled_at": scheduled,
            }
        )
        self.env.cr.execute(
            "UPDATE clinic_message SET create_date = %s WHERE id = %s",
            [created, message.id],
        )
        message.invalidate_recordset()
        return message

    def test_what_waited_is_asked_for_and_not_sent(self):
        quiet = self.env["clinic.quiet"]
        quiet.begin()
        since = quiet.get_since()
        hour = timedelta(hours=1)
        old = self.keep("old", since - hour, since - hour)
        later = self.keep("later", since - hour, since + 48 * hour)
        new = self.keep("new", since + hour, since + hour)
        self.freeze(since + 2 * hour, self.addCleanup)
        waiting = dict(quiet._get_waiting(since))
        self.assertEqual(waiting["Messages to patients"], 1)
        quiet.release()
        self.assertEqual((old.state, old.reason), ("uncertain", "restored"))
        self.assertTrue(old.ask_at)
        self.assertEqual((later.state, new.state), ("queued", "queued"))

    def test_numbers_that_a_service_may_know_are_jumped_over(self):
        last = self.keep("a", self.now, self.now).id
        self.env["clinic.quiet"].begin()
        self.assertGreater(self.keep("b", self.now, self.now).id, last + 100_000)
