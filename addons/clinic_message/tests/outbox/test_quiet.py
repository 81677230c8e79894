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

    def test_two_copies_of_one_backup_give_no_number_twice(self):
        """The first one sends something before the second one is restored."""
        self.keep("a", self.now, self.now)
        quiet = self.env["clinic.quiet"]
        numbers = []
        for days in (1, 2):
            with self.env.cr.savepoint(flush=True) as copy:
                self.freeze(self.now + timedelta(days=days), self.addCleanup)
                last = self.env["clinic.message"].search([], limit=1).id
                self.env.cr.execute(
                    "SELECT setval(pg_get_serial_sequence('clinic_message', 'id'), %s)",
                    [last],
                )
                quiet._leave_numbers_out()
                numbers.append(self.keep("b", self.now, self.now).id)
                copy.rollback()
        self.assertGreater(numbers[1], numbers[0] + 10_000)

    def write_in_cron(self, cron, key):
        """A message as the scheduled action ``cron`` writes it."""
        message = self.env["clinic.message"].with_context(cron_id=cron.id)
        row = {"key": key, "patient_id": self.patient.id}
        return message._enqueue("other", [row])

    def test_what_was_due_in_between_waits_for_a_person(self):
        """The clinic that was lost may have sent the same: it is not sent by itself."""
        cron = self.env.ref("clinic_message.ir_cron_sms_balance")
        other = self.env.ref("clinic_message.ir_cron_read_replies")
        self.env["ir.cron.trigger"].search([("cron_id", "=", other.id)]).unlink()
        now = self.env.cr.now()
        cron.nextcall, other.nextcall = now - timedelta(1), now + timedelta(1)
        self.env["clinic.quiet"].begin()
        self.env["clinic.quiet"].release()
        again = self.write_in_cron(cron, "reminder of yesterday")
        self.assertEqual((again.state, again.reason), ("uncertain", "restored"))
        self.assertFalse(again.ask_at)
        self.assertTrue(
            any("since the database" in line for line in again._find_faults())
        )
        for key, message in (
            ("what the lost one could not run", self.write_in_cron(other, "other")),
            (
                "by hand",
                self.env["clinic.message"]._enqueue(
                    "other", [{"key": "hand", "patient_id": self.patient.id}]
                ),
            ),
        ):
            self.assertEqual(message.state, "queued", key)
        again = again.with_env(self.env)  # of a person
        again.action_resend()
        self.assertEqual(again.resend_ids.state, "queued")

    def test_later_runs_send_as_ever(self):
        cron = self.env.ref("clinic_message.ir_cron_sms_balance")
        cron.nextcall = self.env.cr.now() - timedelta(1)
        quiet = self.env["clinic.quiet"]
        quiet.begin()
        quiet.release()
        job = {
            "id": cron.id,
            "failure_count": 0,
            "first_failure_date": None,
            "active": True,
        }
        for status in ("failed", "partially done"):
            cron._update_failure_count(job, status)
            self.assertTrue(cron.catches_up, status)
        cron._update_failure_count(job, "fully done")
        self.assertEqual(self.write_in_cron(cron, "later").state, "queued")
