from odoo import api, models
from odoo.fields import Domain


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    def _get_site_person(self):
        """By what the bookings of a signed-in patient are counted."""
        self.ensure_one()
        return self.phone_ids[:1].number_e164 or f"card {self.id}"

    @api.model
    def _get_portal_patients(self, partner, right="may_see"):
        """Cards that the portal user with ``partner`` may see: own, and the family's.

        A relative's card is seen while the relation says so and lasts.

        :param right: of the relation: ``may_see``, or ``may_book`` for those whose
            visits the user may also confirm and cancel
        """
        own = self._get_of_partner(partner)
        relations = self.env["clinic.patient.relation"]
        relations = relations.search(
            Domain("related_id", "in", own.ids) & relations._get_right_domain(right)
        )
        return own | relations.patient_id
