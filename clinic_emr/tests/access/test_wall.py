import logging

from odoo import api, fields, models
from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.common import for_tests
from odoo.addons.clinic_base.tests.walls.planting import PlantedLeaksMixin
from odoo.addons.clinic_base.tests.walls.wall import WallMixin
from odoo.addons.clinic_base.tools.authority import medical_job

from ...tools.signing import SIGNING

_logger = logging.getLogger(__name__)


class RecordWallMixin(WallMixin):
    """Makes a record of each medical model that the suite has."""

    def _get_canary_fields(self, model):
        """Hash and seed are no texts of anybody's, and only the program writes them."""
        left_out = {"content_hash", "token_seed"}
        return [f for f in super()._get_canary_fields(model) if f.name not in left_out]

    def get_wall_values(self, model):
        """A referral's service follows from others, which none of the wall's has."""
        if model._name != "clinic.referral":
            return {}
        service = self.env["product.product"].create(
            {"name": "Service", "type": "service", "is_clinic_service": True}
        )
        return {"service_id": service.id}

    def make_wall_record(self, model, values):
        """Amendments and copies want a signed protocol, all the others a draft; what
        signing alone writes gets its canary too."""
        if model._name not in ("clinic.encounter.amendment", "clinic.record.copy"):
            signing = model.with_context(clinic_signing=SIGNING)
            record = super().make_wall_record(signing, values)
            return record.with_env(model.env)
        encounter = self._make_record(self.env["clinic.encounter"]).sudo()
        if model._name == "clinic.record.copy":
            values = {**values, "encounter_ids": [(6, 0, encounter.ids)]}
        encounter._as_signing().write(
            {
                "state": "signed",
                "signed_by_id": self.env.uid,
                "signed_on": fields.Datetime.now(),
                "content_hash": "0" * 64,
            }
        )
        record = super().make_wall_record(model, values)
        encounter._as_signing().write({"state": "draft"})
        return record


@tagged("post_install", "-at_install", "clinic_wall")
class TestRecordWall(RecordWallMixin, HttpCase):
    """Nobody without a medical role reaches anything medical, by any entrance.

    Every medical model of the database is tried, whichever module it comes from.
    """

    def test_nothing_medical_leaks(self):
        report = self.walk_the_wall()
        _logger.info(
            "Wall: %d models, %d fields, %d routes, %d roles, %d leaks",
            len(report.models),
            len(report.fields),
            len(report.routes),
            len(report.roles),
            len(report.leaks),
        )
        self.assertIn("clinic.encounter", report.models)
        self.assertFalse(report.leaks)


@for_tests
class LeakyEncounter(models.Model):
    """Five ways in which a protocol might leak."""

    _inherit = "clinic.encounter"
    _module = "clinic_emr"

    def _get_neutral_name(self):  # 1: a name that tells
        with medical_job("leak"):
            return self.sudo().complaint or super()._get_neutral_name()

    @api.model_create_multi
    def create(self, vals_list):
        protocols = super().create(vals_list)
        for protocol, vals in zip(protocols, vals_list, strict=True):
            partner = protocol.patient_id.sudo().partner_id
            partner.comment = vals.get("complaint")  # 2: a copy
            _logger.info("New protocol: %s", vals.get("complaint"))  # 3: a log line
        return protocols


@for_tests
class LeakyPatient(models.Model):
    _inherit = "clinic.patient"
    _module = "clinic_emr"

    x_encounter_id = fields.Many2one("clinic.encounter", store=False)  # 4: a link

    def last_complaint(self):  # 5: a public method
        with medical_job("leak"):
            return self.env["clinic.encounter"].sudo().search([], limit=1).complaint


@tagged("post_install", "-at_install", "clinic_wall")
class TestPlantedRecordLeaks(PlantedLeaksMixin, RecordWallMixin, HttpCase):
    wall_modules = ("clinic_emr",)
    leaky = (LeakyEncounter, LeakyPatient)
    planted = {
        "name": ("name", "clinic.encounter"),
        "copy": ("copy", "res_partner"),
        "log": ("log", "New protocol"),
        "link": ("link", "clinic.patient.x_encounter_id"),
        "method": ("method", "clinic.patient.last_complaint"),
    }

    def test_planted_leaks_are_found(self):
        self.check_planted()
