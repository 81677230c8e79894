from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.tools import uploads

# Bytes of a drawing.
LARGEST_SIGNATURE = 1024 * 1024


class ClinicEstimateAcceptance(models.Model):
    """Somebody's signature under an estimate as it stood then; never changed."""

    _name = "clinic.estimate.acceptance"
    _description = "Acceptance of an estimate"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"

    estimate_id = fields.Many2one(
        "clinic.estimate", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(string="Signed by", required=True)
    signature = fields.Binary(
        attachment=False, help="Drawn on the screen; empty when signed by name."
    )
    content = fields.Json(readonly=True, help="The estimate as it was accepted.")
    content_hash = fields.Char(
        readonly=True, help="Keyed hash of estimate and signature."
    )

    @api.depends("estimate_id")
    def _compute_display_name(self):
        for acceptance in self:
            acceptance.display_name = self.env._(
                "Acceptance %(id)s", id=acceptance.id or ""
            )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_seal(vals) for vals in vals_list])

    @api.model
    def _prepare_seal(self, vals):
        """``vals`` with the estimate of this moment and the hash over both."""
        estimate = self.env["clinic.estimate"].browse(vals["estimate_id"])
        content = estimate._get_content()
        if not content:
            raise UserError(self.env._("Add services before the estimate is accepted."))
        signature = vals.get("signature") or ""
        if isinstance(signature, bytes):
            signature = signature.decode()
        self._check_signature(signature)
        digest = estimate._get_content_hash(content, vals["name"], signature)
        return {**vals, "content": content, "content_hash": digest}

    @api.model
    def _check_signature(self, signature):
        """:raises UserError: more than somebody draws, or no picture at all"""
        try:
            uploads.decode(signature, LARGEST_SIGNATURE)
        except (uploads.TooLargeError, uploads.UnreadableError) as error:
            raise UserError(
                self.env._("The signature cannot be read. Sign again.")
            ) from error

    def write(self, vals):
        raise AccessError(self.env._("What was signed stays as it is."))
