import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.fields import EncryptedText, get_keyring
from odoo.addons.clinic_base.tools.keyring import UnknownKeyError

from ...tools.signing import SIGNING

# What the key of the signatures is for.
SIGNED = "signed amendment"


class ClinicEncounterAmendment(models.Model):
    """A later addition to a signed protocol; the original stays as it was.

    It is sealed as the protocol is, together with where it belongs and when it was
    made; that there is one more is known to the log of access.
    """

    _name = "clinic.encounter.amendment"
    _description = "Amendment"
    _inherit = ["clinic.medical.mixin"]
    _order = "create_date, id"

    encounter_id = fields.Many2one(
        "clinic.encounter",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id", store=True, index=True
    )
    reason = EncryptedText(required=True)
    text = EncryptedText(required=True)
    content_hash = fields.Char(readonly=True, copy=False)

    def _get_neutral_name(self):
        return self.env._("Amendment %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        amendments = super().create(vals_list)
        for encounter in amendments.encounter_id:
            if encounter.state == "draft":
                raise UserError(self.env._("A draft is changed, not amended."))
            encounter._as_signing().write({"state": "amended"})
        keyring = get_keyring(self.env)
        for amendment in amendments.with_context(clinic_signing=SIGNING):
            signed = amendment._get_signed_bytes()
            amendment.content_hash = keyring.sign(signed, SIGNED)
        amendments.encounter_id._note_signature()
        return amendments

    def write(self, vals):
        if self.env.context.get("clinic_signing") is not SIGNING:
            raise AccessError(self.env._("Amendments stay as they were written."))
        return super().write(vals)

    def _is_as_signed(self, keyring):
        try:
            return keyring.verifies(
                self.content_hash or "", self._get_signed_bytes(), SIGNED
            )
        except UnknownKeyError:
            return False

    def _get_signed_bytes(self):
        self.ensure_one()
        content = {
            "amendment": self.id,
            "encounter": self.encounter_id.id,
            "reason": self.reason,
            "text": self.text,
            "by": self.create_uid.id,
            "on": fields.Datetime.to_string(self.create_date),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
