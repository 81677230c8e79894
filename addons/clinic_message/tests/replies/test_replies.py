from odoo.exceptions import AccessError
from odoo.tests import BaseCase, tagged
from odoo.tests.common import new_test_user

from ...tools.sms_answers import STOP, keepable, read_answer
from ...tools.sms_gateway import Reply
from ..common import MessageCommon

PHRASES = STOP | {"да": "confirm", "да приду": "confirm", "+": "confirm"}


@tagged("at_install", "-post_install", "standard")
class TestAnswers(BaseCase):
    def assert_read(self, answer, *texts):
        for text in texts:
            self.assertEqual(read_answer(text, PHRASES), answer, text)

    def test_a_phrase_in_all_its_forms(self):
        self.assert_read("confirm", "да", "Да!", " ДА. ", "да да", "+", "Да, приду 🙂")

    def test_a_wish_for_no_messages(self):
        self.assert_read("stop", "STOP", "стоп", "Стоп!")

    def test_anything_more_needs_a_person(self):
        self.assert_read("unclear", "", " ", "👍", "да, но опоздаю", "да?", "стоп да")

    def test_what_a_database_cannot_keep_is_left_out(self):
        self.assertEqual(keepable("да\0\ud800!"), "да!")


@tagged("post_install", "-at_install")
class TestReplies(MessageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.create_account(cls.branch.company_id)
        cls.replies = cls.env["clinic.message.reply"]

    @classmethod
    def create_account(cls, company):
        return cls.env["clinic.sms.account"].create(
            {"name": "Number", "company_id": company.id}
        )

    def receive(self, *texts, account=None):
        last = self.replies.search([], limit=1).id or 0
        self.replies._note(
            account or self.account,
            [
                Reply(str(last + number), "+7 916 123-45-67", text)
                for number, text in enumerate(texts)
            ],
        )
        return self.replies.search([("id", ">", last)], order="id")

    def create_user(self, role, **vals):
        return new_test_user(
            self.env, f"replies_{role}", groups=f"clinic_base.group_{role}", **vals
        )

    def test_numbers_are_kept_as_those_of_patients_are(self):
        self.assertEqual(self.receive("да").number, "+79161234567")

    def test_texts_of_any_form_are_kept(self):
        kept = self.receive("\0", "а" * 5000, "\ud800")
        self.assertEqual([len(reply.body) for reply in kept], [0, 1000, 0])

    def test_the_same_message_is_kept_once(self):
        reply = Reply("17", "+79161234567", "да")
        for _twice in range(2):
            self.replies._note(self.account, [reply, reply])
        self.assertEqual(self.replies.search_count([]), 1)

    def test_the_desk_reads_replies_and_nobody_else_does(self):
        reply = self.receive("Температура 39")
        for role in ("registrar", "call_center", "clinic_manager"):
            [read] = reply.with_user(self.create_user(role)).read(["body", "state"])
            self.assertEqual(read["body"], "Температура 39")
        for role in ("medical", "cashier", "accountant", "clinic_admin"):
            with self.assertRaises(AccessError, msg=role):
                reply.with_user(self.create_user(role)).read(["body"])

    def test_nothing_about_it_is_in_its_name(self):
        reply = self.receive("нет")
        self.assertEqual(reply.display_name, f"Reply {reply.id}")

    def test_a_person_settles_what_waits_and_is_named(self):
        registrar = self.create_user("registrar")
        waiting, done = self.receive("Опоздаю", "да")
        waiting._leave("unclear")
        done.state = "done"
        (waiting | done).with_user(registrar).action_settle()
        self.assertEqual((waiting | done).mapped("state"), ["settled", "done"])
        self.assertEqual((waiting | done).settled_by_id, registrar)
        self.assertFalse(done.settled_by_id)

    def test_no_role_writes_replies_by_hand(self):
        reply = self.receive("нет")
        for role in ("registrar", "clinic_manager"):
            with self.assertRaises(AccessError):
                reply.with_user(self.create_user(role)).state = "done"

    def test_replies_belong_to_their_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        reply = self.receive("да", account=self.create_account(other))
        registrar = self.create_user("registrar")
        with self.assertRaises(AccessError):
            reply.with_user(registrar).read(["body"])
        registrar.company_ids |= other
        seen = reply.with_user(registrar).with_context(allowed_company_ids=[other.id])
        self.assertEqual(seen.search([]), reply)

    def test_one_bad_reply_never_stops_the_rest(self):
        bad, good = self.receive("?", "!")
        follow = type(self.replies)._follow

        def follow_or_fail(reply):
            if reply == bad:
                raise KeyError
            return follow(reply)

        self.patch(type(self.replies), "_follow", follow_or_fail)
        self.run_cron("read_replies")
        self.assertEqual((bad | good).mapped("reason"), ["broken", "unclear"])
