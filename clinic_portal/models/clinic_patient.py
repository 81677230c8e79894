from odoo import api, models
from odoo.fields import Command, Date, Domain

CONSENT_VERSION = "site-1"


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    @api.model
    def _find_or_create_visitor(self, vals):
        """Card of a visitor of the site; a new one unless all details are the same.

        Nothing of an existing card is shown to the visitor or changed.

        :param vals: ``name``, ``phone`` (E.164), ``birthdate``, ``sex``, ``email``,
            ``lang``
        """
        return self._find_visitor(vals) or self.create(self._prepare_visitor_vals(vals))

    @api.model
    def _find_visitor(self, vals):
        by_phone = Domain("phone_ids.number_e164", "=", vals["phone"]) | Domain(
            "phone_sanitized", "=", vals["phone"]
        )
        return self.search(
            by_phone
            & Domain("birthdate", "=", vals["birthdate"])
            & Domain("name", "=ilike", vals["name"]),
            limit=1,
        )

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

    @api.model
    def _get_portal_patients(self, partner, right="may_see"):
        """Cards that the portal user with ``partner`` may see: own, and the family's.

        A relative's card is seen while the relation says so and lasts.

        :param right: of the relation: ``may_see``, or ``may_book`` for those whose
            visits the user may also confirm and cancel
        """
        own = self.search([("partner_id", "=", partner.id)])
        today = Date.context_today(self)
        relations = self.env["clinic.patient.relation"].search(
            Domain("related_id", "in", own.ids)
            & Domain(right, "=", True)
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )
        return own | relations.patient_id
