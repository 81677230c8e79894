import re
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import new_test_user

from odoo.addons.clinic_schedule.tests.common import MONDAY, ScheduleCommon


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

    def open_room(self):
        self.travel("09:00")
        self.visit.with_user(self.doctor).action_join_video()
        return self.room.channel_id

    def test_no_other_user_sees_the_room_or_who_is_in_it(self):
        channel = self.open_room()
        self.enter()
        self.env.flush_all()
        models = [
            (model, field.name)
            for model in map(self.env.get, self.env.registry)
            if model._auto and not model._abstract
            for field in model._fields.values()
            if field.type == "many2one"
            and field.comodel_name == "discuss.channel"
            and field.store
        ]
        self.assertIn(
            "discuss.channel.member", [model._name for model, _name in models]
        )
        for user in self.outsiders():
            seen = channel.with_user(user)
            self.assertFalse(seen.search([("id", "=", channel.id)]), user.login)
            with self.assertRaises(AccessError):
                seen.read(["name", "uuid", "channel_member_ids"])
            for model, name in models:
                model = model.with_user(user)
                if not model.has_access("read") or not model._has_field_access(
                    model._fields[name], "read"
                ):
                    continue
                with self.subTest(user=user.login, model=model._name):
                    self.assertFalse(model.search([(name, "=", channel.id)]))

    def outsiders(self):
        """From who has least to who has most."""
        groups = (
            "base.group_user",
            "clinic_base.group_clinic_admin",
            "base.group_system,clinic_base.group_medical_chief",
        )
        return [
            new_test_user(self.env, f"outside_{number}", groups=group)
            for number, group in enumerate(groups)
        ]

    def test_nobody_is_added_beside_the_doors(self):
        channel = self.open_room()
        others = self.outsiders()
        insider = channel.with_user(self.doctor)
        for user in others:
            as_user = channel.with_user(user)
            member = {"channel_id": channel.id, "partner_id": user.partner_id.id}
            for way in (
                lambda c=as_user, u=user: c.add_members(partner_ids=u.partner_id.ids),
                lambda c=as_user: c.channel_join(),
                lambda u=user, m=member: (
                    self.env["discuss.channel.member"].with_user(u).create(m)
                ),
                lambda u=user: insider.add_members(partner_ids=u.partner_id.ids),
                lambda m=member: insider.write(
                    {"channel_member_ids": [(0, 0, {"partner_id": m["partner_id"]})]}
                ),
                lambda u=user: channel.sudo()._add_members(users=u),
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    way()
        with self.assertRaises(AccessError):
            insider.write({"is_clinic_video": False})
        self.assertEqual(channel.channel_member_ids.partner_id, self.doctor.partner_id)

    def test_the_rooms_own_number_and_link_open_nothing(self):
        channel = self.open_room()
        self.enter()
        paths = (
            f"/chat/{channel.id}/{channel.uuid}",
            f"/discuss/channel/{channel.id}",
            f"/chat/{channel.uuid}",
            f"/meet/{channel.uuid}",
        )
        before = channel.channel_member_ids
        for login in (None, "outside_2"):
            if login:
                self.outsiders()
            self.opener.cookies.clear()
            self.authenticate(login, login)
            for path in paths:
                with self.subTest(login=login, path=path):
                    answer = self.url_open(path, allow_redirects=False)
                    self.assertGreaterEqual(answer.status_code, 300)
        self.assertEqual(channel.channel_member_ids, before)

    def test_behind_a_leavers_door_nobody_waits(self):
        self.travel("09:00")
        self.assertEqual(self.enter().status_code, 200)
        self.doctor.active = False
        self.assertEqual(self.enter().status_code, 404)

    def test_there_is_neither_chat_nor_files(self):
        self.travel("09:00")
        self.visit.with_user(self.doctor).action_join_video()
        channel = self.room.channel_id.with_user(self.doctor)
        greeting = "Hello"
        with self.assertRaises(UserError):
            channel.message_post(body=greeting, message_type="comment")
        self.assertFalse(channel.message_post(body=greeting))
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
