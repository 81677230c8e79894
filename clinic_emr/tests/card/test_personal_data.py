from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tools.authority import medical_job

from ..common import EncounterCommon


@tagged("post_install", "-at_install")
class TestRecordOfAnErasedPerson(EncounterCommon):
    def erase(self):
        manager = self.create_user("management", "group_clinic_manager")
        self.patient.with_user(manager)._erase("request")

    def test_the_record_is_emptied_when_its_25_years_are_over(self):
        encounter = self.fill(self.create_encounter())
        self.env["clinic.patient.alert"].with_user(self.medic).sudo().create(
            {"patient_id": self.patient.id, "kind": "allergy", "text": "Пенициллин"}
        )
        self.visit.cancel(self.env.ref("clinic_base.cancel_reason_patient").id)
        with self.assertRaises(UserError):
            self.erase()
        moment = self.env.cr.now() + timedelta(days=365 * 26)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            self.erase()
        with medical_job("test"):
            self.assertFalse(encounter.sudo().complaint)
            self.assertFalse(encounter.sudo().conclusion)
            alerts = self.env["clinic.patient.alert"].sudo()
            alert = alerts.search([("patient_id", "=", self.patient.id)])
            self.assertEqual(alert.text, "–")
