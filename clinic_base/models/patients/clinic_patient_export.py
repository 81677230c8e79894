import json

from odoo import models


class ClinicPatient(models.Model):
    """What the clinic keeps of a person outside the medical record, for that person
    (152-ФЗ, art. 14); the record itself is copied by whoever keeps it."""

    _inherit = "clinic.patient"

    def _get_personal_data(self):
        """Hook: {section: list of {name of a field: value}} with plain values."""
        self.ensure_one()
        card = self.read(
            [
                *("card_number", "name", "birthdate", "sex", "email", "lang"),
                *("snils", "oms_policy", "dms_policy"),
                *("document_type", "document_number", "zip", "city", "street"),
                *("preferred_channel", "deceased_on"),
            ]
        )
        every = self.with_context(active_test=False)
        return {
            "card": card,
            "phones": every.phone_ids.read(["number_e164", "owner", "note", "active"]),
            "relations": every.relation_ids.read(
                [
                    *("kind", "may_see", "may_book", "pays"),
                    *("date_from", "date_to", "active"),
                ]
            ),
            "consents": every.consent_ids.read(
                ["kind", "version", "date", "revoked", "source"]
            ),
        }

    def action_export_data(self):
        """All of it as a file (JSON, UTC), made for whoever asks and kept nowhere.

        :raises AccessError: who may not write the card does not hand it out
        """
        self.check_access("write")
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/clinic/patient/{self.id}/data"}

    def _render_personal_data(self):
        return json.dumps(
            self._get_personal_data(), ensure_ascii=False, indent=1, default=str
        )
