from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.clinic_base.tests.common import make_role_user, with_stored_code


@tagged("post_install", "-at_install")
class TestWebsiteForms(HttpCase):
    """Forms of the site write as superuser, for anybody."""

    def setUp(self):
        super().setUp()
        self.model = self.env["ir.model"]._get("clinic.patient.relation")

    def test_no_form_is_opened_to_a_model_of_the_clinic(self):
        system = make_role_user(self.env, "system")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.model.with_user(system).website_form_access = True

    def test_a_form_that_was_opened_earlier_writes_nothing(self):
        with with_stored_code():
            self.model.website_form_access = True
        names = ("patient_id", "related_id", "kind", "may_see")
        self.env.cr.execute(
            "UPDATE ir_model_fields SET website_form_blacklisted = FALSE"
            " WHERE model = %s AND name IN %s",
            [self.model.model, names],
        )
        cards = self.env["clinic.patient"].create(
            [{"name": f"Person {n}", "birthdate": "2015-01-01"} for n in range(2)]
        )
        self.authenticate(None, None)
        with mute_logger("odoo.http"):
            self.url_open(
                f"/website/form/{self.model.model}",
                data={
                    "patient_id": cards[0].id,
                    "related_id": cards[1].id,
                    "kind": "mother",
                    "may_see": "on",
                },
            )
        self.assertFalse(cards.relation_ids)
