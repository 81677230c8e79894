from odoo import models

from odoo.addons.sms.tools.sms_api import SmsApiBase


class OutboxApi(SmsApiBase):
    """What Odoo itself wants to send by SMS goes through the outbox too.

    Odoo's own queue has no state for an unknown outcome, drops what it has sent, and
    sends again after a kill.
    """

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Queue by each SMS's own key; a second call with it changes nothing."""
        texts = {
            number["uuid"]: (number["number"], message["content"])
            for message in messages
            for number in message["numbers"]
        }
        # The SMS are being sent by whoever may send them; patients are only looked up.
        found = self.env["sms.sms"].sudo().search([("uuid", "in", list(texts))])
        patients = self.env["clinic.patient"].sudo()
        patient_of = {
            patient.partner_id: patient
            for patient in patients.search([("partner_id", "in", found.partner_id.ids)])
        }
        self.env["clinic.message"]._enqueue(
            "other",
            [
                {
                    "key": f"sms:{sms.uuid}",
                    "patient_id": patient_of.get(sms.partner_id, patients).id or None,
                    "channel": "sms",
                    "recipient": texts[sms.uuid][0],
                    "body": texts[sms.uuid][1],
                }
                for sms in found
            ],
        )
        return [{"uuid": uuid, "state": "processing"} for uuid in texts]


class SmsSms(models.Model):
    _inherit = "sms.sms"

    def _split_by_api(self):
        """Odoo's immediate sending leads into the outbox, never to a paid service."""
        yield OutboxApi(self.env), self
