from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MONDAY, FinanceCommon


@tagged("-at_install", "post_install")
class TestCharge(FinanceCommon):
    def test_a_visit_is_priced_when_it_is_booked(self):
        charge = self.book().charge_ids
        self.assertEqual((charge.price, charge.price_reason), (3000, "base"))
        self.assertEqual(charge.payer_id, self.patient.partner_id)
        self.assertEqual(charge.date, MONDAY)

    def test_a_later_price_leaves_what_is_charged_alone(self):
        charge = self.book().charge_ids
        self.service.list_price = 9999
        self.assertEqual(charge.amount, 3000)

    def test_the_price_list_of_the_branch_prices_a_visit_by_its_own_day(self):
        self.branch.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Prices of the branch",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": self.service.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": price,
                            "date_start": start,
                            "date_end": stop,
                        }
                    )
                    for price, start, stop in (
                        (2000, "2026-02-28 21:00:00", "2026-03-31 20:59:59"),
                        (2500, "2026-03-31 21:00:00", "2026-04-30 20:59:59"),
                    )
                ],
            }
        )
        now = self.book().charge_ids
        self.assertEqual((now.price, now.price_reason), (2000, "list"))
        # The last day of the old price, the first of the new, and after both.
        for day, price in (
            (date(2026, 3, 31), 2000),
            (date(2026, 4, 1), 2500),
            (date(2026, 5, 4), 3000),
        ):
            self.create_shift(day=day, room_id=self.room.id)
            later = self.book(start=str(self.at(day, "09:00")))
            self.assertEqual(later.charge_ids.price, price, day)

    def test_a_hold_costs_nothing_until_it_is_booked(self):
        hold_id = self.visits.hold(
            {
                "service_id": self.service.id,
                "specialist_id": self.specialist.id,
                "patient_id": self.patient.id,
                "start": self.at(MONDAY, "09:00").strftime("%Y-%m-%d %H:%M:%S"),
            }
        )
        hold = self.visits.browse(hold_id)
        self.assertFalse(hold.charge_ids)
        visit = self.book(hold_id=hold_id)
        self.assertEqual(len(visit.charge_ids), 1)

    def test_the_profile_of_patient_and_specialist_goes_first(self):
        self.env["clinic.visit.profile"].create(
            {
                "patient_id": self.patient.id,
                "specialist_id": self.specialist.id,
                "service_id": self.service.id,
                "date_from": "2026-01-01",
                "price_mode": "fixed",
                "price": 1500,
                "specialist_share": 40,
            }
        )
        charge = self.book().charge_ids
        self.assertEqual((charge.price, charge.price_reason), (1500, "fixed"))
        self.assertEqual(charge.share, 40)
        other = self.book("10:00", patient=self.other_patient).charge_ids
        self.assertEqual(other.price, 3000)

    def test_a_parent_pays_for_the_child(self):
        self.let_pay(self.patient, self.other_patient)
        charge = self.book(patient=self.other_patient).charge_ids
        self.assertEqual(charge.payer_id, self.patient.partner_id)

    def test_companion_services_are_charged_with_the_visit(self):
        draw = self.create_service("Blood draw", 5, list_price=300)
        self.service.companion_ids = draw
        self.assertEqual(sum(self.book().charge_ids.mapped("amount")), 3300)

    def test_more_visits_are_priced_in_as_many_statements(self):
        visits = self.visits
        for clock in ("09:00", "09:30", "10:00", "10:30", "11:00"):
            visits |= self.book(clock)
        counts = []
        for some in (visits[:2], visits):
            visits.charge_ids.write({"state": "cancelled"})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._create_charges()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_quotes_of_many_drafts_take_as_many_statements_as_of_few(self):
        lists = self.env["product.pricelist"].create({"name": "Prices of the branch"})
        self.branch.pricelist_id = lists
        wishes = []
        for number in range(50):
            service = self.create_service(f"Service {number}", 30, list_price=100)
            service.companion_ids = self.create_service(f"With {number}", 5)
            specialist = self.create_specialist(f"Specialist {number}", service)
            patient = self.create_patient(f"Patient {number}")
            self.env["clinic.visit.profile"].create(
                {
                    "patient_id": patient.id,
                    "specialist_id": specialist.id,
                    "service_id": service.id,
                    "date_from": "2026-01-01",
                    "price_mode": "fixed",
                    "price": number + 1,
                }
            )
            day = MONDAY + timedelta(days=number)
            wishes.append(
                {
                    "patient_id": patient.id,
                    "specialist_id": specialist.id,
                    "service_id": service.id,
                    "branch_id": self.branch.id,
                    "start": self.at(day, "09:00"),
                    "stop": self.at(day, "09:30"),
                }
            )
        counts = []
        desk = self.visits.with_user(self.registrar)
        for some in (wishes[:5], wishes[:5], wishes):  # the first fills the caches
            self.env.flush_all()
            self.env.invalidate_all()
            drafts = desk.concat(*map(desk.new, some))
            before = self.env.cr.sql_log_count
            quotes = drafts._prepare_quotes()
            counts.append(self.env.cr.sql_log_count - before)
            amounts = {quote["amount"] for quote in quotes.values()}
            self.assertEqual(len(amounts), len(some))
        self.assertEqual(counts[1], counts[2])

    def test_what_costs_nothing_is_not_charged(self):
        self.service.list_price = 0
        self.assertIs(self.book("10:00").get_quote(), False)
        self.assertFalse(self.book().charge_ids)

    def test_a_cancelled_visit_owes_nothing(self):
        visit = self.book()
        visit.cancel(self.reason.id)
        self.assertEqual(visit.charge_ids.state, "cancelled")
        self.assertEqual(visit.amount_due, 0)

    def test_the_desk_sees_what_is_due_but_changes_no_price(self):
        visit = self.book()
        visit.invalidate_recordset()
        self.assertEqual(visit.with_user(self.registrar).amount_due, 3000)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_model"),
        ):
            visit.charge_ids.with_user(self.registrar).write({"price": 1})

    def test_charges_are_never_deleted(self):
        with self.assertRaises(UserError):
            self.book().charge_ids.sudo().unlink()

    def test_an_insurer_and_the_patient_share_a_price(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Insurer", "partner_id": insurer.id, "copay_percent": 20}
        )
        visit = self.book(payment_source_id=source.id)
        parts = {charge.payer_id: charge.price for charge in visit.charge_ids}
        self.assertEqual(parts, {insurer: 2400, self.patient.partner_id: 600})
        self.assertEqual(visit.amount_due, 600)
        invoices = visit.charge_ids._create_invoices()
        self.assertEqual(invoices.partner_id, insurer | self.patient.partner_id)

    def test_the_desk_asks_nothing_of_an_insurers_patient(self):
        insurer = self.env["res.partner"].create({"name": "Insurer"})
        source = self.env["clinic.payment.source"].create(
            {"name": "Insurer", "partner_id": insurer.id}
        )
        visit = self.book(payment_source_id=source.id)
        self.assertEqual(visit.charge_ids.amount, 3000)
        self.assertEqual(visit.amount_due, 0)
        self.assertNotIn(visit.id, self.visits._get_board_marks(visit))

    def test_a_visit_of_another_specialist_brings_its_charges_along(self):
        self.create_shift(self.other_specialist, room_id=self.other_room.id)
        self.env["clinic.share.rule"].create(
            [
                {
                    "specialist_id": specialist.id,
                    "mode": "percent",
                    "percent": percent,
                    "date_from": "2026-01-01",
                }
                for specialist, percent in (
                    (self.specialist, 20),
                    (self.other_specialist, 40),
                )
            ]
        )
        visit = self.book()
        charge = visit.charge_ids
        self.assertEqual((charge.specialist_id, charge.share), (self.specialist, 20))
        visit.reschedule(
            self.at(MONDAY, "10:00").strftime("%Y-%m-%d %H:%M:%S"),
            specialist_id=self.other_specialist.id,
        )
        self.assertEqual(
            (charge.specialist_id, charge.share, charge.price),
            (self.other_specialist, 40, 3000),
        )
