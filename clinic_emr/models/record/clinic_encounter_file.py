import hashlib

from cryptography.exceptions import InvalidTag

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.envelope import new_key, open_file, seal_file
from ...tools.file_kinds import HEAD_SIZE, KINDS, kind_of

# Bytes. A scan of some pages or a picture of a telephone is well below.
SIZE_LIMIT = 20 * 1024 * 1024


class ClinicEncounterFile(models.Model):
    """A document or picture of a protocol, sealed at rest.

    The file store holds an encrypted blob with a neutral name and no index; its key
    lies sealed in this row. What the file is called and shows is read by medical staff
    alone.
    """

    _name = "clinic.encounter.file"
    _description = "File of a protocol"
    _inherit = ["clinic.medical.mixin"]
    _order = "id"

    encounter_id = fields.Many2one(
        "clinic.encounter",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id", store=True, index=True
    )
    date = fields.Datetime(related="encounter_id.date", store=True)
    title = EncryptedText()
    kind = fields.Selection(
        [("pdf", "PDF"), ("jpeg", "JPEG"), ("png", "PNG"), ("dicom", "DICOM")],
        readonly=True,
    )
    size = fields.Integer(readonly=True, help="Bytes.")
    file_key = EncryptedText(readonly=True)
    digest = EncryptedText(readonly=True, help="SHA-256 of the content.")
    blob_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")

    def _get_neutral_name(self):
        return self.env._("File %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files.encounter_id._check_unsigned()
        return files

    def write(self, vals):
        self.encounter_id._check_unsigned()
        return super().write(vals)

    @api.model
    def _store(self, encounter, title, content):
        """Keep ``content`` (bytes) with ``encounter``.

        :raises UserError: if it is too large, or of a kind that is not taken
        """
        encounter.check_access("write")
        if len(content) > SIZE_LIMIT:
            raise UserError(self._get_size_text())
        kind = kind_of(content[:HEAD_SIZE])
        if not kind:
            raise UserError(
                self.env._(
                    "Only PDF, JPEG, PNG and DICOM files are taken. The content"
                    " decides, not the name of the file."
                )
            )
        key = new_key()
        file = self.create(
            {
                "encounter_id": encounter.id,
                "title": title,
                "kind": kind.name,
                "size": len(content),
                "file_key": key,
                "digest": hashlib.sha256(content).hexdigest(),
            }
        )
        file.blob_id = file._create_blob(seal_file(key, content, file._get_identity()))
        return file

    def _create_blob(self, sealed):
        # Sudo: medical staff have no rights on stored files as such; that they may
        # write the protocol has been checked, and without its key a blob is useless.
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"file-{self.id}",
                    "raw": sealed,
                    "mimetype": "application/octet-stream",
                    "res_model": self._name,
                    "res_id": self.id,
                    "res_field": "blob_id",
                }
            )
        )

    def _get_content(self):
        """The file as it was sent; raises UserError if the blob was changed."""
        self.ensure_one()
        self.check_access("read")
        # Sudo: as above.
        sealed = self.blob_id.sudo().raw
        try:
            return open_file(self.file_key, sealed, self._get_identity())
        except InvalidTag as error:
            raise UserError(
                self.env._(
                    "This file was changed outside the program and is not shown."
                    " Restore it from a backup."
                )
            ) from error

    def _get_identity(self):
        return f"{self._name}|{self.id}".encode()

    def _get_kind(self):
        return KINDS[self.kind]

    @api.model
    def _get_size_text(self):
        return self.env._(
            "The file is larger than %(limit)s MB and was not sent. Make it smaller.",
            limit=SIZE_LIMIT // 1024**2,
        )

    def action_remove(self):
        """Take the file off the draft; it stays in the archive."""
        return self.archive_with_reason(self.env._("Removed from the draft"))
