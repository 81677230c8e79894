from odoo import api, fields, models
from odoo.exceptions import UserError


class ClinicEncounter(models.Model):
    """The term of the next visit, which the desk books by a request."""

    _inherit = "clinic.encounter"

    _request_origin = "again"

    next_visit_by = fields.Date(string="Come again by", copy=False)
    next_visit_service_id = fields.Many2one(
        "product.product",
        string="Next service",
        compute="_compute_next_visit_service_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )

    @api.depends("appointment_id")
    def _compute_next_visit_service_id(self):
        for encounter in self:
            encounter.next_visit_service_id = (
                encounter.next_visit_service_id or encounter.appointment_id.service_id
            )

    def _check_next_visit(self):
        """:raises UserError: it is wished without a service"""
        if self.next_visit_by and not self.next_visit_service_id:
            raise UserError(self.env._("Choose the service of the next visit."))

    def _prepare_request_vals(self):
        if not self.next_visit_by:
            return {}
        return {
            "service_id": self.next_visit_service_id.id,
            "specialist_ids": self.specialist_id.ids,
            "due_to": self.next_visit_by,
        }

    def _get_signed_next_visit(self):
        return [str(self.next_visit_by or ""), self.next_visit_service_id.id]

    def action_cancel_next_visit(self):
        """The patient need not come again; what was signed stays as it was."""
        self.ensure_one()
        self._check_signatory()
        self._close_request()
