from odoo import fields, models


class ClinicConsent(models.Model):
    """Consent of a patient; personal data has a separate document since 01.09.2025
    (152-ФЗ as amended by 156-ФЗ of 24.06.2025)."""

    _name = "clinic.consent"
    _description = "Consent"
    _inherit = ["clinic.archive.mixin"]
    _order = "patient_id, date desc, id desc"
    _rec_name = "kind"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("personal_data", "Processing of personal data"),
            ("treatment", "Medical intervention"),
            ("marketing", "Advertising messages"),
            ("telemedicine", "Telemedicine"),
        ],
        required=True,
    )
    version = fields.Char(required=True, help="Version of the text that was agreed to.")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    revoked = fields.Datetime(copy=False)
    source = fields.Selection(
        [("paper", "On paper"), ("site", "On the site"), ("phone", "By phone")],
        required=True,
        default="paper",
    )

    _revoked_after = models.Constraint(
        "CHECK (revoked IS NULL OR revoked >= date)",
        "A consent cannot be revoked before it was given.",
    )

    def action_revoke(self):
        return self.write({"revoked": fields.Datetime.now()})
