import secrets

from odoo import api, fields, models

TOKEN_BYTES = 32
ANSWERABLE = ("booked", "confirmed")


class ClinicVisitLink(models.Model):
    """The address where a patient confirms or cancels one visit without signing in.

    It shows day, hour and branch, never whose visit it is or for what, and works until
    the visit begins. Looking changes nothing: scanners of messages look too.
    """

    _name = "clinic.visit.link"
    _description = "Link to confirm or cancel a visit"
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one(
        "clinic.appointment", required=True, readonly=True, ondelete="restrict"
    )
    token = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)

    _visit_once = models.UniqueIndex("(appointment_id)")
    _token_once = models.UniqueIndex("(token)")

    @api.model
    def _get(self, visit):
        """The link of ``visit``; its secret is made with it."""
        link = self.search([("appointment_id", "=", visit.id)])
        return link or self.create(
            {
                "appointment_id": visit.id,
                "token": secrets.token_urlsafe(TOKEN_BYTES),
            }
        )

    def _get_address(self):
        """The patient's link."""
        return f"{self.get_base_url()}/clinic/visit/{self.token}"

    def _is_open(self):
        """Whether the patient may still answer."""
        visit = self.appointment_id
        return visit.state in ANSWERABLE and visit.start > self.env.cr.now()

    def _answer(self, answer):
        """``answer`` is confirm or cancel; a repeated or late one changes nothing."""
        visit = self.appointment_id
        if not self._is_open():
            return
        if answer == "cancel":
            visit.cancel(self.env.ref("clinic_base.cancel_reason_patient").id)
        elif visit.state == "booked":
            visit.action_confirm()
