from odoo import api, fields, models

from odoo.addons.clinic_base.fields import EncryptedText


class ClinicReferral(models.Model):
    """To another specialist, specialty or service; why is for medical staff alone."""

    _name = "clinic.referral"
    _description = "Referral"
    _inherit = ["clinic.requested.item.mixin"]
    _order = "encounter_id desc, id"

    _request_origin = "referral"

    specialty_id = fields.Many2one("clinic.specialty", ondelete="restrict")
    to_specialist_id = fields.Many2one(
        "clinic.specialist", string="To whom", ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product",
        compute="_compute_service_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    reason = EncryptedText(string="Why", required=True)
    urgency = fields.Selection(
        [("0", "Usual"), ("1", "Soon"), ("2", "Urgent")], required=True, default="0"
    )
    due = fields.Date(string="By")

    def _get_neutral_name(self):
        return self.env._("Referral %(id)s", id=self.id or "")

    @api.depends("specialty_id", "to_specialist_id")
    def _compute_service_id(self):
        for referral in self:
            referral.service_id = referral._find_service() or referral.service_id

    def _find_service(self):
        """The first service of the one who is chosen, of the specialty if it is too."""
        services = self.to_specialist_id.service_line_ids.product_id
        if not self.specialty_id:
            return services[:1]
        if services:
            alike = services.filtered(
                lambda one: one.clinic_specialty_id == self.specialty_id
            )
            return (alike or services)[:1]
        return self.env["product.product"].search(
            [
                ("is_clinic_service", "=", True),
                ("clinic_specialty_id", "=", self.specialty_id.id),
            ],
            limit=1,
        )

    def _prepare_request_vals(self):
        return {
            "service_id": self.service_id.id,
            "specialist_ids": self.to_specialist_id.ids,
            "due_to": self.due,
            "priority": self.urgency,
        }

    def _get_signed_content(self):
        return {
            **super()._get_signed_content(),
            "to": [self.specialty_id.id, self.to_specialist_id.id, self.service_id.id],
            "why": self.reason or "",
            "due": str(self.due or ""),
            "urgency": self.urgency,
        }
