"""Referrals, orders and the next visit: medical here, a booking request at the desk."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ..common import EncounterCommon

DUE = MONDAY + timedelta(days=14)


@tagged("-at_install", "post_install")
class TestReferral(EncounterCommon):
    def setUp(self):
        super().setUp()
        self.encounter = self.fill(self.open_encounter())
        self.requests = self.env["clinic.booking.request"]

    def make(self, model, **vals):
        return self.encounter.env[model].create(
            {"encounter_id": self.encounter.id, "service_id": self.service.id, **vals}
        )

    def refer(self, **vals):
        return self.make("clinic.referral", reason="Исключить тиреотоксикоз", **vals)

    def order(self, **vals):
        return self.make("clinic.order", **vals)

    def find_requests(self):
        return self.requests.search([("patient_id", "=", self.patient.id)])

    # === REQUESTS === #

    def test_signing_makes_one_request_of_each_decision_and_none_before(self):
        referral = self.refer(
            to_specialist_id=self.other_specialist.id, due=DUE, urgency="2"
        )
        self.order(due=DUE)
        self.order(needs_visit=False)
        self.encounter.next_visit_by = DUE
        self.assertFalse(self.find_requests())
        self.encounter.action_sign()
        requests = self.find_requests()
        self.assertEqual(
            sorted(requests.mapped("origin")), ["again", "order", "referral"]
        )
        request = referral.request_id
        self.assertEqual(request.specialist_ids, self.other_specialist)
        self.assertEqual((request.due_to, request.priority), (DUE, "2"))
        again = self.encounter.request_id
        self.assertEqual(again.service_id, self.visit.service_id)
        self.assertEqual(again.specialist_ids, self.specialist)

    def test_a_second_signing_or_a_retry_makes_no_second_request(self):
        referral = self.refer()
        self.encounter.next_visit_by = DUE
        self.encounter.action_sign()
        with self.assertRaises(UserError):
            self.encounter.action_sign()
        referral._issue()
        self.encounter._ensure_request()
        self.assertEqual(len(self.find_requests()), 2)

    def test_the_request_holds_nothing_medical(self):
        self.refer(due=DUE)
        self.encounter.action_sign()
        [values] = self.find_requests().with_user(self.registrar).read()
        self.assertNotIn("тиреотоксикоз", repr(values))
        self.assertFalse(
            [
                name
                for name, field in self.requests._fields.items()
                if getattr(self.env.get(field.comodel_name), "_clinic_medical", False)
            ]
        )

    def test_cancelling_closes_the_request_and_a_booked_visit_stands(self):
        referral, order = self.refer(), self.order()
        self.encounter.next_visit_by = DUE
        self.encounter.action_sign()
        self.book("11:00", request_id=order.request_id.id)
        for item in (referral, order):
            item.cancel_text = "Не нужно"
        self.assertEqual(referral.request_id.state, "lost")
        self.assertEqual(
            referral.request_id.refusal_reason_id.code,
            "not_needed",
        )
        self.assertEqual(order.request_id.state, "booked")
        self.encounter.action_cancel_next_visit()
        self.assertEqual(self.encounter.request_id.state, "lost")

    def test_a_link_to_a_request_is_not_written_by_hand(self):
        referral = self.refer()
        request = self.requests.create(
            {"patient_id": self.other_patient.id, "service_id": self.service.id}
        )
        for record in (referral, self.encounter):
            with self.assertRaises(UserError):
                record.write({"request_id": request.id})

    def test_the_desk_reads_its_request_and_no_referral(self):
        referral, order = self.refer(), self.order(note="Натощак")
        self.encounter.action_sign()
        admin = self.create_user("clinic_admin", "group_clinic_admin")
        request = referral.request_id.with_user(self.registrar)
        self.assertEqual(request.origin, "referral")
        for user in (self.registrar, admin, self.env.ref("base.user_admin")):
            for record in (referral, order):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["state"])

    def test_a_signed_protocol_takes_no_further_referral(self):
        self.encounter.action_sign()
        with self.assertRaisesRegex(UserError, "amendment"):
            self.refer()
        with self.assertRaisesRegex(UserError, "amendment"):
            self.encounter.next_visit_by = DUE

    # === CHOOSING === #

    def test_the_service_follows_from_specialty_or_specialist(self):
        specialty = self.env["clinic.specialty"].create({"name": "E", "code": "endo"})
        service = self.create_service("Endo", 30, clinic_specialty_id=specialty.id)
        as_medic = self.encounter.env["clinic.referral"]
        vals = {"encounter_id": self.encounter.id, "reason": "?"}
        by_specialty = as_medic.create({**vals, "specialty_id": specialty.id})
        by_name = as_medic.create({**vals, "to_specialist_id": self.specialist.id})
        self.assertEqual(by_specialty.service_id, service)
        self.assertEqual(by_name.service_id, self.service)

    def test_several_services_are_ordered_in_one_go(self):
        more = self.create_service("Blood count", 10)
        order = self.order(also_service_ids=[(6, 0, more.ids)], due=DUE)
        orders = self.encounter.order_ids
        self.assertEqual(orders.service_id, self.service | more)
        self.assertEqual(set(orders.mapped("group_key")), {order.group_key})
        self.assertEqual(set(orders.mapped("due")), {DUE})

    # === CARRYING OUT === #

    def test_an_order_goes_its_way_and_keeps_its_result(self):
        order = self.order()
        with self.assertRaisesRegex(UserError, "in force"):
            order.action_done()
        self.encounter.action_sign()
        order.action_start()
        type_ = self.env.ref("clinic_emr.observation_type_pulse")
        order.write(
            {
                "result": "Без особенностей",
                "observation_ids": [(0, 0, {"type_id": type_.id, "value": 72})],
            }
        )
        order.action_done()
        self.assertEqual((order.state, order.done_by_id), ("done", self.medic))
        measured = order.observation_ids
        self.assertEqual(
            (measured.patient_id, measured.source, measured.value),
            (self.patient, "laboratory", 72),
        )
        self.assertEqual(order.request_id.state, "lost")
        with self.assertRaisesRegex(UserError, "in force"):
            order.action_done()
        with self.assertRaises(UserError):
            order.cancel_text = "Поздно"
        with self.assertRaisesRegex(UserError, "amendment"):
            order.due = DUE

    def test_the_result_of_a_finished_order_stays(self):
        order = self.order()
        self.encounter.action_sign()
        order.action_done()
        with self.assertRaisesRegex(UserError, "in force"):
            order.result = "Иначе"

    def test_the_executor_carries_out_what_is_ordered_from_them(self):
        order = self.order(executor=self.other_specialist.id)
        other = self.order()
        self.encounter.action_sign()
        order.with_user(self.other_medic).action_done()
        self.assertEqual(order.state, "done")
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            other.with_user(self.other_medic).action_done()

    def test_the_signature_covers_what_was_decided(self):
        self.refer()
        before = self.encounter._get_content_hash()
        self.order()
        self.assertNotEqual(self.encounter._get_content_hash(), before)
        self.encounter.action_sign()
        self.assertEqual(
            self.encounter.content_hash, self.encounter._get_content_hash()
        )
