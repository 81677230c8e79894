from odoo.tests import tagged

from odoo.addons.clinic_emr.tests.common import EncounterCommon


@tagged("-at_install", "post_install")
class TestEstimateMoney(EncounterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.lst_price = 2000
        cls.estimate = (
            cls.env["clinic.estimate"]
            .with_user(cls.registrar)
            .create(
                {
                    "patient_id": cls.patient.id,
                    "branch_id": cls.branch.id,
                    "line_ids": [(0, 0, {"service_id": cls.service.id, "quantity": 3})],
                }
            )
        )

    def accept(self):
        self.estimate.env["clinic.estimate.acceptance"].create(
            {"estimate_id": self.estimate.id, "name": "Ivan"}
        )

    def test_prices_come_from_the_price_list_and_the_patients_category(self):
        self.assertEqual(self.estimate.amount, 6000)
        category = self.env["clinic.patient.category"].create(
            {"name": "X", "code": "x", "discount": 10}
        )
        self.other_patient.category_id = category
        other = self.estimate.create(
            {
                "patient_id": self.other_patient.id,
                "branch_id": self.branch.id,
                "line_ids": [(0, 0, {"service_id": self.service.id})],
            }
        )
        self.assertEqual(other.amount, 1800)

    def test_a_changed_price_wants_a_new_acceptance(self):
        self.accept()
        self.assertEqual(self.estimate.state, "accepted")
        self.estimate.line_ids.price = 1500
        self.assertEqual((self.estimate.amount, self.estimate.state), (4500, "changed"))

    def test_money_spent_is_what_was_charged_for_these_services(self):
        self.env["clinic.charge"].search([]).state = "cancelled"
        charge = {
            "patient_id": self.patient.id,
            "service_id": self.service.id,
            "company_id": self.branch.company_id.id,
            "date": self.estimate.date,
            "price": 2000,
            "payer_id": self.patient.partner_id.id,
        }
        other = self.create_service("Other", 10)
        self.env["clinic.charge"].create(
            [
                charge,
                {**charge, "date": "2020-01-01"},
                {**charge, "service_id": other.id},
                {
                    **charge,
                    "patient_id": self.other_patient.id,
                    "payer_id": self.other_patient.partner_id.id,
                },
            ]
        )
        self.estimate.invalidate_recordset()
        self.assertEqual(self.estimate.amount_spent, 2000)
