from odoo import api, models
from odoo.fields import Domain

from odoo.addons.clinic_base.tools.patient_query import fold

from .clinic_appointment_rights import API_GROUP

CONSENT_VERSION = "partner-1"


class ClinicPatient(models.Model):
    """Cards that another site's key may book for: those of its partner."""

    _inherit = "clinic.patient"

    @api.model
    def _get_key_users(self):
        """The key's user, and others that the same partner has had."""
        partner = self.env.user.partner_id.commercial_partner_id
        # Sudo: which keys are one partner's is told to nobody.
        keys = self.env.ref(API_GROUP).sudo().with_context(active_test=False)
        return keys.all_user_ids.filtered(
            lambda user: user.partner_id.commercial_partner_id == partner
        )

    @api.model
    def _is_of_key(self, patient_id):
        """Whether the key's partner made the card, brought a visit, or pays for it."""
        partner = self.env.user.partner_id.commercial_partner_id
        users = self._get_key_users()
        cards = self.with_context(active_test=False)
        made = Domain("create_uid", "in", users.ids)
        paid = Domain("payer_id", "=", partner.id) | Domain(
            "payment_source_id.partner_id", "=", partner.id
        )
        if cards.search_count(Domain("id", "=", patient_id) & (made | paid), limit=1):
            return True
        brought = made & Domain("patient_id", "=", patient_id)
        return bool(self.env["clinic.appointment"].search_count(brought, limit=1))

    @api.model
    def _find_or_create_named(self, vals):
        """The card of the person named by ``vals``, of those that the key has made.

        Else a new one, beside similar ones for the desk: what many know leads to no
        card that is there already. One that the desk has merged leads to the kept card.

        :param vals: ``name``, ``phone`` (E.164), ``birthdate``, ``sex``, ``lang``
        """
        made = self.with_context(active_test=False).search(
            [
                ("create_uid", "in", self._get_key_users().ids),
                ("birthdate", "=", vals["birthdate"]),
                ("phone_ids.number_e164", "=", vals["phone"]),
            ],
            order="id",
        )
        same = made.filtered(lambda card: fold(card.name) == fold(vals["name"]))[:1]
        card = same.merged_into_id or same
        if card.active:
            return card.with_context(active_test=True)
        return self._create_visitor(vals, CONSENT_VERSION)
