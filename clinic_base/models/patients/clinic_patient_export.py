import json

from odoo import fields, models


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
        """All of it as a file (JSON, UTC), with a row in the card's own list of them.

        :raises AccessError: who may not write the card does not hand it out
        """
        self.check_access("write")
        self.ensure_one()
        content = json.dumps(
            self._get_personal_data(), ensure_ascii=False, indent=1, default=str
        )
        attachment = self.env["ir.attachment"].create(
            {
                # Neutral: the name of a file says nothing of whose it is.
                "name": self.env._(
                    "personal_data_%(day)s.json", day=fields.Date.context_today(self)
                ),
                "raw": content.encode(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }
