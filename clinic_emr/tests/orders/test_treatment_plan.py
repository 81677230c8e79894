"""Treatment plans are medical; their estimates are the desk's."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.walls.test_upload_doors import DoorCase
from odoo.addons.clinic_schedule.tests.common import MONDAY

from ...tools.progress import allocate
from ..common import EncounterCommon

DUE = MONDAY + timedelta(days=14)


@tagged("-at_install", "post_install")
class TestTreatmentPlan(DoorCase, EncounterCommon):
    def setUp(self):
        super().setUp()
        self.encounter = self.fill(self.open_encounter())
        action = self.encounter.action_plan()
        self.plan = self.encounter.env["clinic.treatment.plan"].browse(action["res_id"])

    def fill_plan(self):
        self.plan.write(
            {
                "goal": "Ремиссия",
                "stage_ids": [
                    (0, 0, {"number": 1, "goal": "Снять острое", "due": DUE}),
                    (0, 0, {"number": 2, "goal": "Закрепить"}),
                ],
                "estimate_line_ids": [
                    (0, 0, {"stage": 1, "service_id": self.service.id, "quantity": 2}),
                    (0, 0, {"stage": 2, "service_id": self.service.id, "quantity": 2}),
                ],
            }
        )

    def accept(self, user=None, **vals):
        acceptances = self.env["clinic.estimate.acceptance"]
        return acceptances.with_user(user or self.registrar).create(
            {"estimate_id": self.plan.estimate_id.id, "name": "Ivan", **vals}
        )

    def test_a_signature_is_no_larger_than_somebody_draws(self):
        self.fill_plan()
        for signature in ("A" * 2_000_000, "not base64"):
            with self.assert_refused(signature[:9]):
                self.accept(signature=signature)

    def test_a_protocol_has_one_plan_however_often_it_is_opened(self):
        self.assertEqual(self.encounter.action_plan()["res_id"], self.plan.id)

    def test_a_plan_wants_a_goal_stages_and_services(self):
        with self.assertRaisesRegex(UserError, "goal"):
            self.encounter.action_sign()
        self.plan.write({"goal": "Ремиссия", "stage_ids": [(0, 0, {"number": 1})]})
        with self.assertRaisesRegex(UserError, "no services"):
            self.encounter.action_sign()

    def test_each_stage_makes_one_request_and_cancelling_the_plan_closes_them(self):
        self.fill_plan()
        self.encounter.action_sign()
        requests = self.plan.stage_ids.request_id
        self.assertEqual(len(requests), 2)
        self.assertEqual(set(requests.mapped("origin")), {"plan"})
        self.assertIn(DUE, requests.mapped("due_to"))
        self.plan._issue()
        self.assertEqual(self.plan.stage_ids.request_id, requests)
        self.plan.cancel_text = "Отказ"
        self.assertEqual(set(requests.mapped("state")), {"lost"})
        self.assertEqual(set(self.plan.stage_ids.mapped("state")), {"cancelled"})

    def test_the_desk_edits_the_estimate_and_sees_no_plan(self):
        self.fill_plan()
        estimate = self.plan.estimate_id.with_user(self.registrar)
        estimate.line_ids[0].quantity = 5
        self.assertEqual(estimate.line_ids[0].quantity, 5)
        self.assertNotIn("Ремиссия", repr(estimate.read()))
        admin = self.create_user("clinic_admin", "group_clinic_admin")
        for user in (self.registrar, admin, self.env.ref("base.user_admin")):
            for record in (self.plan, self.plan.stage_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["state"])
        with self.assertRaises(AccessError):
            estimate.with_user(admin).write({"date": MONDAY})
        portal = self.env.ref("base.public_user")
        with self.assertRaises(AccessError):
            estimate.with_user(portal).read(["state"])

    def test_an_acceptance_keeps_what_was_signed_and_by_whom(self):
        self.fill_plan()
        by_name = self.accept()
        self.assertEqual(self.plan.estimate_state, "accepted")
        self.assertEqual(len(by_name.content), 2)
        drawn = self.accept(signature="iVBORw0KGgo=", content_hash="0" * 64)
        self.assertEqual(len(drawn.content_hash), 72)
        self.assertNotIn(drawn.content_hash, (by_name.content_hash, "0" * 64))
        with self.assertRaises(AccessError):
            drawn.sudo().name = "Petr"
        with self.assertRaises(UserError):
            drawn.sudo().unlink()

    def test_what_changes_after_acceptance_is_accepted_anew(self):
        self.fill_plan()
        self.accept()
        line = self.plan.estimate_id.line_ids[0].with_user(self.registrar)
        line.quantity = 9
        self.assertEqual(self.plan.estimate_id.state, "changed")
        self.accept()
        self.assertEqual(self.plan.estimate_id.state, "accepted")
        line.action_remove()
        self.assertEqual(self.plan.estimate_id.state, "changed")

    def test_an_empty_estimate_is_not_accepted(self):
        with self.assertRaisesRegex(UserError, "services"):
            self.accept()

    def test_visits_and_orders_done_move_the_plan_on_stage_by_stage(self):
        self.fill_plan()
        self.encounter.env["clinic.order"].create(
            {
                "encounter_id": self.encounter.id,
                "service_id": self.service.id,
                "needs_visit": False,
            }
        )
        self.encounter.action_sign()  # Ends the visit itself too.
        self.plan.invalidate_recordset()
        first, second = self.plan.stage_ids
        self.assertEqual((first.progress, self.plan.progress), (50, 25))
        self.encounter.order_ids.action_done()
        self.book("11:00")
        self.env.invalidate_all()
        self.assertEqual((first.progress, second.progress), (100, 0))

    def test_what_is_done_fills_earlier_stages_first(self):
        lines = [(2, 7, 2), (1, 7, 3), (1, 8, 1)]
        self.assertEqual(allocate(lines, {7: 4}), [1, 3, 0])
        self.assertEqual(allocate(lines, {7: 99, 8: 1}), [2, 3, 1])
