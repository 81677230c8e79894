from odoo import api, models
from odoo.fields import Command

CONSENT_VERSION = "site-1"


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    @api.model
    def _create_visitor(self, vals, consent_version=CONSENT_VERSION):
        """A new card for a visitor of a site, who has proved nothing.

        Details that are known to many never lead to an existing card: its owner would
        get the visit and the message, and the answer would tell that there is one. What
        may be one person is put before the desk.

        :param vals: ``name``, ``phone`` (E.164), ``birthdate``, ``sex``, ``email``,
            ``lang``
        :param consent_version: of the text that the visitor has agreed to
        """
        patient = self.create(self._prepare_visitor_vals(vals, consent_version))
        self.env["clinic.patient.duplicate"]._note_visitor(patient)
        return patient

    @api.model
    def _prepare_visitor_vals(self, vals, consent_version):
        return {
            **vals,
            "phone_ids": [
                Command.create({"number_e164": vals["phone"], "primary": True})
            ],
            "consent_ids": [
                Command.create(
                    {
                        "kind": "personal_data",
                        "version": consent_version,
                        "source": "site",
                    }
                )
            ],
        }
