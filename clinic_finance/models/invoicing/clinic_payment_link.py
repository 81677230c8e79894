from datetime import timedelta

from odoo import api, fields, models


class ClinicPaymentLink(models.Model):
    """The address of a page where one request is paid without signing in.

    Random, expiring and revocable, unlike Odoo's own link. The page shows sum,
    date and clinic, never what was done; the payer is always the request's.
    """

    _name = "clinic.payment.link"
    _description = "Payment link"
    _inherit = [
        "clinic.engine.row.mixin",
        "clinic.archive.mixin",
        "clinic.secret.link.mixin",
    ]
    _order = "id desc"
    _rec_name = "request_id"

    _link_path = "/clinic/pay/{token}"

    request_id = fields.Many2one(
        "clinic.payment.request", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    payer_id = fields.Many2one(related="request_id.payer_id", string="Payer")
    currency_id = fields.Many2one(related="request_id.currency_id")
    amount_due = fields.Monetary(related="request_id.amount_due", string="To pay")
    expires_at = fields.Datetime(required=True)
    url = fields.Char(compute="_compute_url")

    _one_live = models.UniqueIndex(
        "(request_id) WHERE revoked_on IS NULL", "The request already has a link."
    )

    @api.depends("token_seed")
    def _compute_url(self):
        for link in self:
            link.url = link._get_address()

    @api.model
    def _create_for(self, requests):
        """A link for each request with something to pay."""
        return self.create(
            [
                {
                    "request_id": request.id,
                    "expires_at": self.env.cr.now() + self._get_lifetime(request),
                }
                for request in requests
                if request._is_payable()
            ]
        )

    @api.model
    def _get_lifetime(self, request):
        # A number; whoever asks for money need not read companies.
        return timedelta(days=request.company_id.sudo().clinic_payment_link_days)

    def _notify_patients(self):
        """Put the links into the outbox, once per request."""
        self.env["clinic.message"]._enqueue(
            "payment_link",
            [
                {
                    "key": f"payment_link:{link.request_id.id}",
                    "patient_id": link.request_id.patient_id.id,
                    "appointment_id": link.request_id.appointment_id.id or None,
                    "company_id": link.company_id.id,
                    "values": link._get_message_values(),
                }
                for link in self
                if link.request_id.patient_id
            ],
        )

    def _get_message_values(self):
        """What the message says beside the visit's own values."""
        lang = self.request_id.patient_id.lang or self.env.lang
        currency = self.currency_id.with_context(lang=lang)
        return {"amount": currency.format(self.amount_due), "link": self.url}

    def _get_link_end(self):
        return self.expires_at

    def _is_link_kept(self):
        return self.request_id.state != "withdrawn"

    @api.model
    def _revoke_for(self, requests):
        self.search(
            [("request_id", "in", requests.ids), ("revoked_on", "=", False)]
        )._withdraw_links()

    def action_revoke(self):
        """Close the page behind the link at once."""
        self.check_access("write")
        # The right to change the link has been checked; nobody writes it by hand.
        self.sudo()._withdraw_links()
