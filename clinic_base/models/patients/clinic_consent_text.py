from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("personal_data", "Processing of personal data"),
    ("treatment", "Medical intervention"),
    ("marketing", "Advertising messages"),
    ("telemedicine", "Telemedicine"),
]


class ClinicConsentText(models.Model):
    """A version of what patients agree to; what somebody has agreed to never changes
    (152-ФЗ art. 9, 323-ФЗ art. 20, 38-ФЗ art. 18)."""

    _name = "clinic.consent.text"
    _description = "Text of a consent"
    _inherit = ["clinic.archive.mixin"]
    _order = "kind, date_from desc, id desc"
    _rec_name = "version"

    kind = fields.Selection(KINDS, required=True)
    version = fields.Char(required=True, help="For instance 2025-09.")
    date_from = fields.Date(
        string="Valid from",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    body = fields.Html(string="Text", required=True, translate=True)
    consent_count = fields.Integer(compute="_compute_consent_count")

    _version_once = models.UniqueIndex(
        "(kind, version)", "There is a text of this kind and version."
    )

    def _compute_consent_count(self):
        counts = dict(
            self.env["clinic.consent"]._read_group(
                [("text_id", "in", self.ids)], ["text_id"], ["__count"]
            )
        )
        for text in self:
            text.consent_count = counts.get(text, 0)

    def write(self, vals):
        """:raises UserError: somebody has agreed to this text as it is"""
        if {"body", "kind", "version"} & vals.keys():
            self.check_access("write")
            # Sudo: asked only whether there is one, whoever's it is.
            agreed = self.env["clinic.consent"].sudo().with_context(active_test=False)
            if agreed.search_count([("text_id", "in", self.ids)], limit=1):
                raise UserError(
                    self.env._(
                        "Patients have agreed to this text: make a new version of it."
                    )
                )
        return super().write(vals)

    @api.model
    def _get_current(self, kind):
        """The text of ``kind`` that is valid today; empty if the clinic has none."""
        today = fields.Date.context_today(self, self.env.cr.now())
        return self.search(
            [("kind", "=", kind), ("date_from", "<=", today)],
            order="date_from desc, id desc",
            limit=1,
        )
