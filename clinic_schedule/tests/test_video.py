import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from .common import MONDAY, ScheduleCommon


@tagged("post_install", "-at_install")
class TestVideo(ScheduleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.product_tmpl_id.telemedicine_ok = True
        cls.create_shift(telemedicine=True)
        cls.doctor = new_test_user(
            cls.env, "doctor", groups="clinic_base.group_medical"
        )
        cls.specialist.user_id = cls.doctor

    def setUp(self):
        super().setUp()
        self.visit = self.book("09:00", telemedicine=True)
        self.room = self.env["clinic.video.room"]._get(self.visit)

    def travel(self, clock):
        """Both clocks of the test stand at ``clock`` of the day of the visit."""
        self.freeze(self.at(MONDAY, clock), self.addCleanup)

    def enter(self):
        """A patient without an account goes through the door."""
        path = re.search(r"/clinic/video/.*", self.room._get_address())[0]
        page = self.url_open(path)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        if not token:
            return page
        return self.url_open(f"{path}/enter", data={"csrf_token": token[1]})

    def test_a_visit_by_video_needs_no_room_and_sends_a_link(self):
        self.assertFalse(self.visit.room_id)
        message = self.env["clinic.message"].search([("purpose", "=", "video")])
        message._fill()
        self.assertIn(self.room._get_address(), message.body)
        self.assertNotIn("Consultation", message.body)

    def test_the_door_opens_ten_minutes_before_and_closes_after_the_visit(self):
        doctors = self.visit.with_user(self.doctor)
        for clock, is_open in (
            ("08:49", False),
            ("08:50", True),
            ("09:29", True),
            ("09:30", False),
        ):
            self.travel(clock)
            self.assertEqual(self.room._is_open(), is_open, clock)
        with self.assertRaises(UserError):
            doctors.action_join_video()

    def test_the_specialist_and_the_patient_meet(self):
        self.travel("08:55")
        action = self.visit.with_user(self.doctor).action_join_video()
        channel = self.room.channel_id
        self.assertIn(str(channel.id), action["url"])
        self.assertEqual(self.enter().status_code, 200)
        members = channel.channel_member_ids
        self.assertEqual(members.partner_id, self.doctor.partner_id)
        self.assertEqual(len(members.guest_id), 1)
        for secret in ("Ivan", "Consultation"):
            self.assertNotIn(secret, channel.name)

    def test_before_its_time_the_door_makes_nothing(self):
        self.travel("08:00")
        response = self.enter()
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("/enter", response.text)
        self.assertFalse(self.room.channel_id)
        self.assertEqual(self.url_open("/clinic/video/guess").status_code, 404)

    def test_guests_see_no_other_channel(self):
        self.travel("09:00")
        other = self.env["discuss.channel"].create(
            {"name": "Other", "channel_type": "group"}
        )
        self.enter()
        guest = self.room.channel_id.channel_member_ids.guest_id
        public = self.env(user=self.ref("base.public_user"), su=False)
        seen = public["discuss.channel"].with_context(guest=guest.with_env(public))
        self.assertEqual(seen.search([]).ids, self.room.channel_id.ids)
        self.assertFalse(seen.browse(other.id).has_access("read"))

    def test_there_is_neither_chat_nor_files(self):
        self.travel("09:00")
        self.visit.with_user(self.doctor).action_join_video()
        channel = self.room.channel_id.with_user(self.doctor)
        with self.assertRaises(UserError):
            channel.message_post(body="Hello", message_type="comment")
        self.assertFalse(channel.message_post(body="Hello"))
        with self.assertRaises(AccessError):
            self.env["mail.message"].with_user(self.doctor).create(
                {"model": "discuss.channel", "res_id": channel.id, "body": "Hello"}
            )
        with self.assertRaises(UserError):
            channel._create_sub_channel(name="Aside")
        self.authenticate("doctor", "doctor")
        upload = self.url_open(
            "/mail/attachment/upload",
            data={
                "thread_id": channel.id,
                "thread_model": "discuss.channel",
                "csrf_token": self.csrf_token(),
            },
            files={"ufile": ("x.txt", b"x", "text/plain")},
        )
        self.assertEqual(upload.status_code, 404)
        self.assertFalse(self.room.channel_id.sudo().message_ids)

    def csrf_token(self):
        page = self.url_open("/web").text
        return re.search(r'csrf_token: "([^"]+)"', page)[1]

    def test_after_the_visit_the_room_is_dead(self):
        self.travel("09:00")
        self.visit.with_user(self.doctor).action_join_video()
        self.enter()
        channel = self.room.channel_id
        secret = channel.uuid
        for action in ("arrive", "start", "done"):
            getattr(self.visit, f"action_{action}")()
        self.assertFalse(channel.active)
        self.assertFalse(channel.channel_member_ids)
        self.assertNotEqual(channel.uuid, secret)
        self.assertNotIn("/enter", self.enter().text)

    def test_a_forgotten_room_is_closed_by_the_job(self):
        self.travel("09:00")
        self.visit.with_user(self.doctor).action_join_video()
        channel = self.room.channel_id
        self.env["clinic.video.room"]._cron_close()
        self.assertTrue(channel.active)
        self.travel("09:31")
        self.env["clinic.video.room"]._cron_close()
        self.assertFalse(channel.active)

    def test_only_the_specialist_of_the_visit_joins_from_it(self):
        self.travel("09:00")
        registrar = new_test_user(self.env, "reg", groups="clinic_base.group_registrar")
        with self.assertRaises(AccessError):
            self.visit.with_user(registrar).action_join_video()

    def test_a_room_starts_and_ends_with_minutes_to_spare(self):
        self.visit.action_arrive()
        self.visit.action_start()
        self.freeze(self.visit.stop + timedelta(minutes=30), self.addCleanup)
        self.assertTrue(self.room._is_open())
