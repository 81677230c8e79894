from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedText


class ClinicRecordCopy(models.Model):
    """A copy of the record, whole or in part: who handed what to whom.

    A patient or a lawful representative may have one on request (Federal law 323-FZ,
    article 22, part 5). Only signed protocols are copied; the row is never changed.
    """

    _name = "clinic.record.copy"
    _description = "Copy of the record"
    _inherit = ["clinic.own.patient.mixin"]
    _order = "create_date desc, id desc"

    encounter_ids = fields.Many2many(
        "clinic.encounter",
        string="Protocols",
        domain="[('patient_id', '=', patient_id), ('state', '!=', 'draft')]",
    )
    handed_to = EncryptedText(string="Handed to")
    basis = EncryptedText(string="On what grounds")
    user_id = fields.Many2one(
        "res.users",
        string="Handed out by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )

    def _get_neutral_name(self):
        return self.env._("Copy of a record %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        copies = super().create(
            [{**vals, "user_id": self.env.uid} for vals in vals_list]
        )
        for copy in copies:
            copy._check_whole()
        return copies

    def _check_whole(self):
        """:raises UserError: without a recipient, or with what may not be copied"""
        if not (self.handed_to or "").strip():
            raise UserError(self.env._("Say to whom the copy is handed."))
        if not self.encounter_ids:
            raise UserError(self.env._("Choose at least one signed protocol."))
        if self.encounter_ids.patient_id != self.patient_id:
            raise UserError(self.env._("The protocols belong to another patient."))
        if "draft" in self.encounter_ids.mapped("state"):
            raise UserError(self.env._("Drafts are not copied: sign them first."))

    def write(self, vals):
        raise UserError(self.env._("What has been handed out stays in the log."))

    def action_print(self):
        """The copy as PDF."""
        report = self.env.ref("clinic_emr.clinic_record_copy_report")
        return report.report_action(self)
