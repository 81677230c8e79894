from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.letters import clean

CLOSED_CONTACTS = """
    SELECT card.partner_id FROM clinic_patient card
      JOIN res_partner contact ON contact.id = card.partner_id
     WHERE card.closed IS NOT NULL AND contact.active IS NOT TRUE
"""


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "clinic.contact.mixin", "clinic.closed.mixin"]

    # Stored, so that the rule which hides patients costs no join.
    is_clinic_patient = fields.Boolean(string="Patient", readonly=True)
    clinic_patient_ids = fields.One2many(
        "clinic.patient",
        "partner_id",
        string="Patient card",
        groups="clinic_base.group_clinic_user",
    )

    # Whom a user without a clinic role sees; patients themselves cost nothing here.
    _clinic_others = models.Index("(id) WHERE is_clinic_patient IS NOT TRUE")

    @api.constrains("email")
    def _check_email_is_one_line(self):
        """:raises ValidationError: what follows a line break could be a header"""
        # Hidden from some who may write the rest of the contact.
        emails = filter(None, self.sudo().mapped("email"))
        if any(len(email.splitlines()) > 1 for email in emails):
            raise ValidationError(self.env._("An e-mail address stands on one line."))

    @api.model
    def _get_closed_domain(self):
        return Domain("id", "in", SQL("(%s)", SQL(CLOSED_CONTACTS)))

    def _filter_closed(self):
        """Contacts of staff stay open: they are colleagues."""
        archived = self.filtered(lambda one: not one.active and one.is_clinic_patient)
        cards = archived.with_context(active_test=False).clinic_patient_ids
        return cards.filtered("closed").partner_id

    def write(self, vals):
        """A patient called otherwise is so in every part of the name."""
        result = super().write(vals)
        if "name" in vals:
            # Sudo: parts of the name that was just written, if the card differs.
            cards = self.sudo().with_context(active_test=False).clinic_patient_ids
            for card in cards.filtered(lambda card: card._join_parts() != card.name):
                card.write({"name": card.name})
        return result

    @api.constrains("name")
    def _check_patient_name(self):
        """:raises ValidationError: a patient's contact is left without a name"""
        for partner in self.filtered("is_clinic_patient"):
            if not clean(partner.name):
                raise ValidationError(self.env._("Write the name of the patient."))

    @api.depends("is_clinic_patient")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """Names travel where records do not: a many2one set to any number shows the
        name behind it. Patients' names stay hidden there too."""
        super()._compute_display_name()
        if self._clinic_sees_patients():
            return
        hidden = self.sudo().filtered(
            lambda partner: partner.is_clinic_patient and partner.partner_share
        )
        for partner in self & hidden.sudo(self.env.su):
            if partner != self.env.user.partner_id:
                partner.display_name = self.env._("Hidden")

    def unlink(self):
        """Cards are kept, and so are their contacts; the database refuses it too."""
        # Sudo: only asked who is a patient.
        if any(self.sudo().mapped("is_clinic_patient")):
            raise UserError(self.env._("This contact is kept: archive it instead."))
        return super().unlink()

    def _clinic_filter_patients(self):
        # Sudo: only asked who is a patient, to hide more.
        patients = self.sudo().filtered("is_clinic_patient")
        own = self.env.user.partner_id
        return self & patients.sudo(self.env.su) - own

    @api.model
    def _search_display_name(self, operator, value):
        """By name alone for those who may not find a patient by e-mail."""
        if self._clinic_hides_contacts():
            return Domain("complete_name", operator, value)
        return super()._search_display_name(operator, value)

    @api.model
    def _clinic_sees_patients(self):
        """False for internal users without a clinic role."""
        user = self.env.user
        return (
            user.id == SUPERUSER_ID
            or user._has_group("clinic_base.group_clinic_user")
            or not user._is_internal()
        )
