import logging

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_base.tests.walls.wall import WallMixin

from ...tools.signing import SIGNING

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "clinic_wall")
class TestRecordWall(WallMixin, HttpCase):
    """Nobody without a medical role reaches anything medical, by any entrance.

    Every medical model of the database is tried, whichever module it comes from.
    """

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
