from odoo import api, fields, models


class ClinicPersonalChange(models.TransientModel):
    """On what grounds a person's data are blocked, opened again or erased."""

    _name = "clinic.personal.change"
    _description = "Change of what is done with personal data"

    patient_id = fields.Many2one("clinic.patient", required=True, readonly=True)
    kind = fields.Selection(
        lambda self: self.env["clinic.personal.act"]._fields["kind"].selection,
        required=True,
        readonly=True,
    )
    ground = fields.Selection(
        lambda self: self.env["clinic.personal.act"]._fields["ground"].selection,
        required=True,
        default="request",
    )
    note = fields.Char(
        string="Letter or reason",
        help="Number and day of the letter. It is kept when the data are erased: write"
        " nothing of the person.",
    )
    ties = fields.Text(string="What ends", compute="_compute_told")
    retained = fields.Text(string="What keeps the data", compute="_compute_told")

    @api.depends("patient_id", "kind")
    def _compute_told(self):
        for change in self:
            patient = change.patient_id
            patient._check_may_close()
            # Sudo: checked in the line above; cards that are merged count too.
            cards = patient.sudo()._get_kept()._get_aliases()
            change.ties = "\n".join(cards._get_ties())
            kept = cards._get_retained() if change.kind == "erase" else ()
            change.retained = "\n".join(kept)

    def action_confirm(self):
        """The card's own methods check who does it and what stands in the way."""
        self.ensure_one()
        patient = self.patient_id
        change = {
            "block": patient._block,
            "lift": patient._lift_block,
            "erase": patient._erase,
        }[self.kind]
        change(self.ground, self.note)
        return patient.action_open_card()
