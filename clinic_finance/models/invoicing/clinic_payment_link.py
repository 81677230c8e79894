from datetime import timedelta

from odoo import api, fields, models


class ClinicPaymentLink(models.Model):
    """The address of a page where one invoice is paid without signing in.

    Random, expiring and revocable, unlike Odoo's own link. The page shows sum,
    date and clinic, never what was done; the payer is always the invoice's.
    """

    _name = "clinic.payment.link"
    _description = "Payment link"
    _inherit = [
        "clinic.engine.row.mixin",
        "clinic.archive.mixin",
        "clinic.secret.link.mixin",
    ]
    _order = "id desc"
    _rec_name = "move_id"

    _link_path = "/clinic/pay/{token}"

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True)
    payer_id = fields.Many2one(related="move_id.partner_id", string="Payer")
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount_residual = fields.Monetary(
        related="move_id.amount_residual", string="To pay"
    )
    expires_at = fields.Datetime(required=True)
    url = fields.Char(compute="_compute_url")

    _one_live = models.UniqueIndex(
        "(move_id) WHERE revoked_on IS NULL", "The invoice already has a link."
    )

    @api.depends("token_seed")
    def _compute_url(self):
        for link in self:
            link.url = link._get_address()

    @api.model
    def _create_for(self, invoices):
        """A link for each posted invoice with something to pay; tells the patient."""
        links = self.create(
            [
                {
                    "move_id": invoice.id,
                    "expires_at": fields.Datetime.now() + self._get_lifetime(invoice),
                }
                for invoice in invoices
                if invoice.state == "posted" and invoice.amount_residual > 0
            ]
        )
        links._notify_patients()
        return links

    @api.model
    def _get_lifetime(self, invoice):
        # A number; whoever makes invoices need not read companies.
        return timedelta(days=invoice.company_id.sudo().clinic_payment_link_days)

    def _notify_patients(self):
        """Put the links into the outbox, once per invoice."""
        self.env["clinic.message"]._enqueue(
            "payment_link",
            [
                {
                    "key": f"payment_link:{link.move_id.id}",
                    "patient_id": link.move_id.clinic_patient_id.id,
                    "appointment_id": link.move_id.clinic_appointment_id.id or None,
                    "company_id": link.company_id.id,
                    "values": link._get_message_values(),
                }
                for link in self
                if link.move_id.clinic_patient_id
            ],
        )

    def _get_message_values(self):
        """What the message says beside the visit's own values."""
        invoice = self.move_id
        lang = invoice.clinic_patient_id.lang or self.env.lang
        currency = invoice.currency_id.with_context(lang=lang)
        return {"amount": currency.format(invoice.amount_residual), "link": self.url}

    def _get_link_end(self):
        return self.expires_at

    def _is_link_kept(self):
        return self.move_id.state == "posted"

    @api.model
    def _revoke_for(self, invoices):
        self.search(
            [("move_id", "in", invoices.ids), ("revoked_on", "=", False)]
        )._withdraw_links()

    def action_revoke(self):
        """Close the page behind the link at once."""
        self.check_access("write")
        # The right to change the link has been checked; nobody writes it by hand.
        self.sudo()._withdraw_links()
