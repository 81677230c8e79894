from odoo import api, models
from odoo.fields import Command, Domain

CONSENT_VERSION = "site-1"


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    @api.model
    def _create_visitor(self, vals):
        """A new card for a visitor of the site, who has proved nothing.

        Details that are known to many never lead to an existing card: its owner would
        get the visit and the message, and the answer would tell that there is one. What
        may be one person is put before the desk.

        :param vals: ``name``, ``phone`` (E.164), ``birthdate``, ``sex``, ``email``,
            ``lang``
        """
        patient = self.create(self._prepare_visitor_vals(vals))
        self.env["clinic.patient.duplicate"]._note_visitor(patient)
        return patient

    @api.model
    def _prepare_visitor_vals(self, vals):
        return {
            **vals,
            "phone_ids": [
                Command.create({"number_e164": vals["phone"], "primary": True})
            ],
            "consent_ids": [
                Command.create(
                    {
                        "kind": "personal_data",
                        "version": CONSENT_VERSION,
                        "source": "site",
                    }
                )
            ],
        }

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
        own = self.search([("partner_id", "=", partner.id)])
        relations = self.env["clinic.patient.relation"]
        relations = relations.search(
            Domain("related_id", "in", own.ids) & relations._get_right_domain(right)
        )
        return own | relations.patient_id
