from odoo import fields, models

from ...tools.signing import SIGNING


class ClinicRequestedVisitMixin(models.AbstractModel):
    """What somebody has to be booked for: it makes exactly one booking request.

    The request says whom and by when to book, and nothing medical. The link lies here
    alone, so that nobody comes from the request to its reason.
    """

    _name = "clinic.requested.visit.mixin"
    _description = "Reason of a booking request"
    _inherit = ["clinic.medical.mixin"]

    _request_origin = "manual"

    request_id = fields.Many2one(
        "clinic.booking.request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    request_state = fields.Selection(
        string="Booking", related="request_id.state", related_sudo=False
    )

    def _prepare_request_vals(self):
        """Hook: service, specialists and days of the request; empty if nobody has to
        be booked."""
        return {}

    def _ensure_request(self):
        """Make the requests that are still missing.

        Signing runs once: whoever signs at the same moment changes the same row of the
        protocol, is run again and then finds it signed.
        """
        for record in self.filtered(lambda record: not record.request_id):
            if vals := record._prepare_request_vals():
                request = self.env["clinic.booking.request"].create(
                    {
                        "patient_id": record.patient_id.id,
                        "origin": self._request_origin,
                        "company_id": record.branch_id.company_id.id
                        or self.env.company.id,
                        **vals,
                    }
                )
                record.with_context(clinic_signing=SIGNING).request_id = request

    def _close_request(self):
        """Nobody has to be booked any more. A visit that is booked already stands."""
        waiting = self.request_id.filtered(
            lambda request: request.state in ("open", "offered")
        )
        if waiting:
            reason = self.env.ref("clinic_emr.cancel_reason_not_needed")
            waiting.action_lose(reason.id)
