from odoo import fields, models


class ClinicDemoLetter(models.Model):
    """An e-mail that Odoo itself would have sent: an invoice, a new password, …"""

    _name = "clinic.demo.letter"
    _description = "E-mail of the demonstration"
    _order = "id desc"
    _rec_name = "subject"

    recipient = fields.Char(required=True, index=True)
    subject = fields.Char()
    body = fields.Html(sanitize_overridable=False)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
