from odoo import api, fields, models

from ...tools.age import AGE_OF_SECRETS, day_of_age


class ClinicPatient(models.Model):
    """Visits are the patient's own secret from an age on, whoever pays or has written.

    A child's card has a parent's e-mail address. It is written to no more from that
    day on, until the patient says that it is theirs, or lets a relative see visits.
    """

    _inherit = "clinic.patient"

    email_since = fields.Date(
        compute="_compute_email_since",
        store=True,
        copy=False,
        help="Day on which the e-mail address was noted, or said to be the patient's.",
    )
    email_note = fields.Char(compute="_compute_email_note")

    @api.depends("partner_id.email")
    def _compute_email_since(self):
        today = self.env.company._get_clinic_today()
        for patient in self:
            patient.email_since = patient.email and today

    @api.depends("email", "email_since", "birthdate")
    def _compute_email_note(self):
        for patient in self:
            patient.email_note = patient._is_email_closed() and self.env._(
                "Noted while the patient was a child: nothing is sent there until the"
                " patient says that the address is theirs."
            )

    def _is_email_closed(self):
        """Whether visits may not be told of at the address of the card."""
        today = self.env.company._get_clinic_today()
        if not self.email or not self.birthdate:
            return False
        of_age = day_of_age(self.birthdate, AGE_OF_SECRETS)
        noted = self.email_since or fields.Date.to_date(self.create_date)
        if today < of_age or (noted and noted >= of_age):
            return False
        return not self.relation_ids._filtered_right("may_see", today)

    def _get_tellable_email(self):
        """Address at which visits may be told of, or False."""
        return not self._is_email_closed() and self.email_normalized

    def _filtered_secret_from(self, partner):
        """Those of ``self`` whose visits are not told to ``partner``: a person whom
        they have not let see them. Companies have contracts of their own.
        """
        if partner.is_company:
            return self.browse()
        today = self.env.company._get_clinic_today()
        return self.filtered(lambda patient: patient._is_secret_from(partner, today))

    def _is_secret_from(self, partner, today):
        born = self.birthdate
        if not born or partner == self.partner_id:
            return False
        if today < day_of_age(born, AGE_OF_SECRETS):
            return False
        seen = self.relation_ids._filtered_right("may_see", today)
        return partner not in seen.related_id.partner_id

    def action_own_email(self):
        """The patient has said today that the address is theirs."""
        self.check_access("write")
        # Follows from the address otherwise.
        self.sudo().email_since = self.env.company._get_clinic_today()
