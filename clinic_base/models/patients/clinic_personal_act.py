from odoo import api, fields, models
from odoo.fields import Domain


class ClinicPersonalAct(models.Model):
    """That a person's data was blocked, opened again or erased: who, when, on what
    grounds, and what was kept; never the data itself. Nobody changes it.

    An act of erasing is what has to be shown of it (152-ФЗ, art. 21 (7); order of
    Roskomnadzor № 179 of 28.10.2022).
    """

    _name = "clinic.personal.act"
    _description = "Act on personal data"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _engine_is_superuser = False
    _order = "id desc"
    _rec_name = "kind"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [("block", "Blocked"), ("lift", "Opened again"), ("erase", "Erased")],
        required=True,
        readonly=True,
    )
    ground = fields.Selection(
        [
            ("request", "The person asks for it"),
            ("consent", "A consent was withdrawn"),
            ("wrong", "The data are wrong, or somebody says so"),
            ("purpose", "What they were for is done"),
            ("order", "An authority or a court orders it"),
        ],
        required=True,
        readonly=True,
    )
    note = fields.Char(
        readonly=True, help="Number and day of the letter; nothing of the person."
    )
    kept = fields.Text(
        readonly=True, help="Rows that stay without the person's data, and why."
    )
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, readonly=True, ondelete="restrict"
    )
    done_on = fields.Datetime(string="When", required=True, readonly=True)

    @api.model
    def _get_patient_merge_domain(self, _kept):
        """Whose card it was does not change any more."""
        return Domain.FALSE

    @api.model
    def _note(self, patients, **vals):
        """Add an act on each of ``patients``; their own method has checked who acts."""
        # Sudo: nobody has a right to write acts.
        acts = self.sudo()._as_engine()
        common = {"user_id": self.env.uid, "done_on": self.env.cr.now(), **vals}
        return acts.create(
            [{"patient_id": patient.id, **common} for patient in patients]
        )
