from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_schedule.tests.common import MONDAY

from ...tools.prepayment import get_deadline
from ..common import FinanceCommon

FRIDAY, SATURDAY, SUNDAY = (MONDAY - timedelta(days=days) for days in (3, 2, 1))
HOUR = timedelta(hours=1)


@tagged("-at_install", "post_install")
class TestPrepayment(FinanceCommon):
    now = FinanceCommon.at(MONDAY - timedelta(days=10), "10:00")

    def setUp(self):
        super().setUp()
        self.visit = self.book()

    def travel(self, moment):
        self.freeze(moment, self.addCleanup)

    def run_cron(self, name="ir_cron_cancel_unpaid_visits"):
        with self.enter_registry_test_mode():
            self.env.ref(f"clinic_finance.{name}").method_direct_trigger()
        self.env.invalidate_all()

    def get_messages(self, purpose, visit=None):
        return self.env["clinic.message"].search(
            [
                ("appointment_id", "=", (visit or self.visit).id),
                ("purpose", "=", purpose),
            ]
        )

    def remind_and_wait(self):
        """Everything up to a moment after the deadline."""
        self.travel(self.at(SATURDAY, "11:00"))
        self.run_cron()
        self.travel(self.at(SUNDAY, "13:00"))

    def test_a_prepaid_visit_has_to_be_paid_a_day_before(self):
        self.assertEqual(self.visit.prepayment_due, self.at(SUNDAY, "09:00"))

    def test_a_visit_that_may_be_paid_later_has_no_deadline(self):
        self.service.prepayment_policy = "optional"
        visit = self.book("10:00", patient=self.other_patient)
        self.assertFalse(visit.prepayment_due)

    def test_an_insurers_patient_is_not_asked_for_money(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Insurer", "partner_id": insurer.id}
        )
        visit = self.book(
            "10:00", patient=self.other_patient, payment_source_id=source.id
        )
        self.assertFalse(visit.prepayment_due)

    def test_the_patient_is_reminded_once_with_sum_term_and_link(self):
        self.travel(self.at(SATURDAY, "11:00"))
        self.run_cron()
        self.run_cron()
        reminder = self.get_messages("prepayment")
        self.assertEqual(len(reminder), 1)
        reminder._fill()
        self.assertIn("/clinic/pay/", reminder.body)
        self.assertIn("1 March, 09:00", reminder.body)
        self.assertIn("3,000", reminder.body)

    def test_nobody_loses_a_visit_that_could_not_be_asked_for(self):
        def fail(_charges):
            raise ValueError("No number")

        self.patch(type(self.visit.charge_ids), "_find_requests", fail)
        with mute_logger(
            "odoo.addons.clinic_finance.models.invoicing.clinic_appointment_prepayment"
        ):
            self.remind_and_wait()
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        self.assertFalse(self.get_messages("prepayment"))

    def test_what_is_not_paid_is_cancelled_once_and_the_patient_told(self):
        self.remind_and_wait()
        self.run_cron()
        self.run_cron()
        self.assertEqual(self.visit.state, "cancelled")
        unpaid = self.env.ref("clinic_base.cancel_reason_unpaid")
        self.assertEqual(self.visit.cancel_reason_id, unpaid)
        self.assertEqual(len(self.get_messages("unpaid")), 1)
        self.assertFalse(self.get_messages("cancelled"))
        self.assertEqual(self.patient.account_balance, 0)

    def test_its_time_is_free_for_others(self):
        self.remind_and_wait()
        self.run_cron()
        self.assertTrue(self.book(patient=self.other_patient))

    def test_a_visit_that_was_paid_stays(self):
        self.pay_for(self.visit.charge_ids)
        self.remind_and_wait()
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        self.assertFalse(self.get_messages("prepayment"))

    def test_money_on_the_account_pays_before_anybody_is_reminded(self):
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.patient.partner_id.id,
                "clinic_patient_id": self.patient.id,
                "amount": 3000,
            }
        ).action_post()
        self.remind_and_wait()
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        self.assertEqual(self.visit.charge_ids.state, "paid")
        self.assertFalse(self.get_messages("prepayment"))

    def test_a_payment_under_way_holds_the_visit(self):
        request = self.ask(self.visit.charge_ids)
        provider = self.env["payment.provider"].search([], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env["payment.method"]
                .with_context(active_test=False)
                .search([], limit=1)
                .id,
                "reference": "on its way",
                "amount": 3000,
                "currency_id": request.currency_id.id,
                "partner_id": request.payer_id.id,
                "clinic_request_id": request.id,
                "state": "pending",
            }
        )
        self.remind_and_wait()
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        transaction.state = "cancel"
        self.run_cron()
        self.assertEqual(self.visit.state, "cancelled")

    def test_a_part_paid_is_left_for_a_person(self):
        self.pay_for(self.visit.charge_ids, 1000)
        self.remind_and_wait()
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        late = self.visits.search(
            [("prepayment_due", "<=", "now"), ("id", "=", self.visit.id)]
        )
        self.assertEqual(late, self.visit)

    def test_nothing_happens_at_night(self):
        self.travel(self.at(SATURDAY, "23:30"))
        self.run_cron()
        self.assertFalse(self.visit.prepayment_reminded_at)

    def test_after_a_downtime_the_patient_is_reminded_first_and_gets_two_hours(self):
        self.travel(self.at(SUNDAY, "15:00"))
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        self.assertEqual(self.visit.prepayment_due, self.at(SUNDAY, "17:00"))
        self.travel(self.at(SUNDAY, "16:50"))
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")
        self.travel(self.at(SUNDAY, "17:00"))
        self.run_cron()
        self.assertEqual(self.visit.state, "cancelled")

    def test_a_visit_that_has_begun_is_never_cancelled(self):
        self.travel(self.at(MONDAY, "09:00"))
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")

    def test_a_move_brings_a_new_deadline_and_the_same_charge(self):
        charge = self.visit.charge_ids
        self.create_shift(day=MONDAY + timedelta(days=7), room_id=self.room.id)
        later = self.at(MONDAY + timedelta(days=7), "10:00")
        self.visit.reschedule(later.strftime("%Y-%m-%d %H:%M:%S"))
        self.assertEqual(self.visit.prepayment_due, later - 24 * HOUR)
        self.assertEqual(self.visit.charge_ids, charge)
        self.assertEqual(charge.date, MONDAY + timedelta(days=7))

    def test_one_bad_visit_stops_no_other(self):
        other = self.book("10:00", patient=self.other_patient)
        remind = type(self.visits)._remind_to_pay

        def fail_for_first(visit):
            if visit == self.visit:
                raise ValueError("Broken")
            return remind(visit)

        self.patch(type(self.visits), "_remind_to_pay", fail_for_first)
        self.travel(self.at(SATURDAY, "11:00"))
        with mute_logger(
            "odoo.addons.clinic_finance.models.invoicing.clinic_appointment_prepayment"
        ):
            self.run_cron()
        self.assertFalse(self.visit.prepayment_reminded_at)
        self.assertTrue(other.prepayment_reminded_at)

    def test_only_a_chief_lets_a_visit_stand_unpaid(self):
        with self.assertRaises(AccessError):
            self.visit.with_user(self.registrar).action_lift_prepayment()
        with self.assertRaises(UserError):
            self.visit.with_user(self.registrar).write({"prepayment_due": False})
        chief = new_test_user(
            self.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        self.visit.with_user(chief).action_lift_prepayment()
        self.remind_and_wait()
        self.run_cron()
        self.assertEqual(self.visit.state, "booked")

    def test_deadlines_never_fall_into_the_night(self):
        def night(moment):
            if 21 <= moment.hour or moment.hour < 9:
                day = moment.replace(hour=9, minute=0)
                return day + 24 * HOUR if moment.hour >= 21 else day
            return None

        def at(hour):
            return self.now.replace(hour=0) + hour * HOUR

        for now, start, due in (
            (10, 24 * 3 + 8, 24 + 20.5),
            (10, 24 * 3 + 12, 24 * 2 + 12),
            (10, 13, 12),
            (10, 11, 11),
            (20, 24 + 12, 24 + 9),
        ):
            with self.subTest(now=now, start=start):
                self.assertEqual(
                    get_deadline(at(now), at(start), 24 * HOUR, night), at(due)
                )

    def test_a_visit_is_asked_for_two_days_before(self):
        self.run_cron("ir_cron_invoice_charges")
        self.assertFalse(self.visit.charge_ids.payment_request_ids)
        self.travel(self.at(SATURDAY, "11:00"))
        self.run_cron("ir_cron_invoice_charges")
        self.assertTrue(self.visit.charge_ids.payment_request_ids)
        self.assertEqual(self.visit.charge_ids.state, "open")

    def test_a_link_that_is_missing_comes_with_the_reminder_in_one_message(self):
        self.travel(self.at(SATURDAY, "11:00"))
        self.run_cron()
        self.run_cron("ir_cron_invoice_charges")
        self.assertEqual(len(self.get_messages("prepayment")), 1)
        self.assertFalse(self.get_messages("payment_link"))

    def test_a_months_visits_of_a_payer_come_in_one_invoice(self):
        self.service.write({"prepayment_policy": "none", "clinic_invoicing": "monthly"})
        child = self.other_patient
        self.let_pay(self.patient, child)
        visits = self.book("10:00") | self.book("11:00", patient=child)
        self.travel(self.at(MONDAY, "13:00"))
        for visit in visits:
            visit.action_arrive()
            visit.action_start()
            visit.action_done()
        self.run_cron("ir_cron_invoice_charges")
        self.assertEqual(set(visits.charge_ids.mapped("state")), {"open"})
        self.travel(self.at(MONDAY + timedelta(days=30), "10:00"))
        self.run_cron("ir_cron_invoice_charges")
        invoice = visits.charge_ids.move_line_ids.move_id
        self.assertEqual((len(invoice), invoice.amount_total), (1, 6000))
        self.assertEqual(
            invoice.invoice_line_ids.clinic_patient_id, self.patient | child
        )
