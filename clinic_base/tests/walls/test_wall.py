import logging

from odoo import api, fields, models
from odoo.tests import HttpCase, tagged

from ...tools.authority import medical_job
from ..common import ClinicMedicalTester, MedicalTesterMixin, for_tests
from .planting import PlantedLeaksMixin
from .wall import WallMixin

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "clinic_wall")
class TestWall(WallMixin, MedicalTesterMixin, HttpCase):
    wall_modules = ("clinic_base",)

    def test_nothing_leaks(self):
        report = self.walk_the_wall()
        _logger.info(
            "Wall: %d models, %d fields, %d routes, %d roles, %d leaks",
            *map(
                len,
                (
                    report.models,
                    report.fields,
                    report.routes,
                    report.roles,
                    report.leaks,
                ),
            ),
        )
        self.assertIn(ClinicMedicalTester._name, report.models)
        self.assertFalse(report.leaks)


@for_tests
class LeakyNote(models.Model):
    """Five ways in which a record has leaked elsewhere."""

    _inherit = "clinic.medical.tester"
    _module = "clinic_base"

    def _get_neutral_name(self):  # 1: a name that tells
        return self.code or super()._get_neutral_name()

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        for note, vals in zip(notes, vals_list, strict=True):
            note.patient_id.sudo().partner_id.comment = vals.get(
                "complaint"
            )  # 2: a copy
            _logger.info("New note: %s", vals.get("complaint"))  # 3: a line in the log
        return notes


@for_tests
class LeakyPatient(models.Model):
    _inherit = "clinic.patient"
    _module = "clinic_base"

    x_note_id = fields.Many2one("clinic.medical.tester", store=False)  # 4: a link

    def last_note(self):  # 5: a public method
        with medical_job("leak"):
            return self.env["clinic.medical.tester"].sudo().search([], limit=1).code


@tagged("post_install", "-at_install", "clinic_wall")
class TestPlantedLeaks(PlantedLeaksMixin, MedicalTesterMixin, HttpCase):
    wall_modules = ("clinic_base",)
    leaky = (LeakyNote, LeakyPatient)
    planted = {
        "name": ("name", "clinic.medical.tester"),
        "copy": ("copy", "res_partner"),
        "log": ("log", "New note"),
        "link": ("link", "clinic.patient.x_note_id"),
        "method": ("method", "clinic.patient.last_note"),
    }

    def test_planted_leaks_are_found(self):
        self.check_planted()
