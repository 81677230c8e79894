from odoo import api, fields, models

from odoo.addons.clinic_base.tools.age import AGE_OF_SECRETS, day_of_age
from odoo.addons.clinic_base.tools.walltime import to_utc


class ClinicVisitSecretMixin(models.AbstractModel):
    """A secret address that belongs to one visit, one of a kind for each.

    What was issued while the patient was a child is in a parent's hands: it is over on
    the day from which the visit is the patient's own secret.
    """

    _name = "clinic.visit.secret.mixin"
    _description = "Secret address of a visit"
    _inherit = ["clinic.secret.link.mixin"]
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one(
        "clinic.appointment", required=True, readonly=True, ondelete="restrict"
    )
    issued_on = fields.Datetime(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.cr.now(),
        help="When the address was made, UTC.",
    )

    _visit_once = models.UniqueIndex("(appointment_id)")

    @api.model
    def _get(self, visit):
        """That of ``visit``; after a withdrawal or a coming of age with a fresh secret.

        The caller has checked that whoever gets the address is entitled to it.
        """
        own = self.search([("appointment_id", "=", visit.id)])
        own.filtered(
            lambda one: one.revoked_on or one._is_of_childhood()
        )._renew_links()
        return own or self.create({"appointment_id": visit.id})

    def _is_link_live(self):
        return super()._is_link_live() and not self._is_of_childhood()

    def _is_of_childhood(self):
        """Whether the patient has come of age for secrets since it was issued."""
        visit = self.appointment_id
        born = visit.patient_id.birthdate
        if not born:
            return False
        of_age = to_utc(day_of_age(born, AGE_OF_SECRETS), 0, visit.branch_id.tz)
        return self.issued_on < of_age <= self.env.cr.now()

    def _renew_links(self):
        # The caller has checked who asks.
        self.sudo().write({"issued_on": self.env.cr.now()})
        return super()._renew_links()
