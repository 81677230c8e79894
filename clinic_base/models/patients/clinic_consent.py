from odoo import api, fields, models
from odoo.exceptions import UserError

from .clinic_consent_text import KINDS

# Who agreed to what and when; a mistake is archived with its reason.
AGREED = frozenset({"patient_id", "kind", "text_id", "version", "date", "source"})


class ClinicConsent(models.Model):
    """Consent of a patient; personal data has a separate document since 01.09.2025
    (152-ФЗ as amended by 156-ФЗ of 24.06.2025)."""

    _name = "clinic.consent"
    _description = "Consent"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "patient_id, date desc, id desc"
    _rec_name = "kind"

    _created_by_engine = False
    # Cards are merged, and persons erased, by code that has checked its caller.
    _engine_is_superuser = True

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True)
    text_id = fields.Many2one(
        "clinic.consent.text",
        domain="[('kind', '=', kind)]",
        ondelete="restrict",
        index="btree_not_null",
        help="What the patient has read. Empty: a text on paper only.",
    )
    text_body = fields.Html(related="text_id.body", string="What is agreed to")
    version = fields.Char(required=True, help="Version of the text that was agreed to.")
    date = fields.Datetime(required=True, default=lambda self: self.env.cr.now())
    revoked = fields.Datetime(readonly=True, copy=False)
    source = fields.Selection(
        [("paper", "On paper"), ("site", "On the site"), ("phone", "By phone")],
        required=True,
        default="paper",
    )
    scan = fields.Binary(
        string="Signed paper", attachment=True, copy=False, help="A scan or a photo."
    )
    scan_name = fields.Char(copy=False)

    _revoked_after = models.Constraint(
        "CHECK (revoked IS NULL OR revoked >= date)",
        "A consent cannot be revoked before it was given.",
    )

    @api.model
    def _get_engine_fields(self):
        return AGREED | {"revoked"}

    @api.model
    def _get_creation_fields(self):
        return AGREED

    def _raise_engine_only(self):
        raise UserError(
            self.env._(
                "What was agreed to does not change: revoke the consent and note a new"
                " one, or archive it with the reason."
            )
        )

    @api.onchange("kind")
    def _onchange_kind(self):
        """The text that is valid today, to be read before anybody agrees."""
        self.text_id = self.kind and self.text_id._get_current(self.kind)
        self.version = self.text_id.version or self.version

    @api.onchange("text_id")
    def _onchange_text_id(self):
        self.version = self.text_id.version or self.version

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_text_vals(vals) for vals in vals_list])

    @api.model
    def _prepare_text_vals(self, vals):
        """The version is that of the text, whoever has written which."""
        if vals.get("text_id"):
            text = self.env["clinic.consent.text"].browse(vals["text_id"])
            return {**vals, "version": text.version}
        if vals.get("version"):
            return vals
        text = self.env["clinic.consent.text"]._get_current(vals.get("kind"))
        return {**vals, "text_id": text.id, "version": text.version or "-"}

    def action_revoke(self):
        """Advertising ends at once; what the law asks for goes on (152-ФЗ, art. 9)."""
        self.check_access("write")
        given = self.filtered(lambda consent: not consent.revoked)
        given._as_engine().write({"revoked": self.env.cr.now()})
        return True

    def action_print(self):
        """The text with the patient's name, to be signed."""
        self.check_access("read")
        return self.env.ref("clinic_base.clinic_consent_report").report_action(self)
