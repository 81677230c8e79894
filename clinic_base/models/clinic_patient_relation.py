from odoo import api, fields, models


class ClinicPatientRelation(models.Model):
    """What a relative may do for a patient, with dates; revoked by its end date."""

    _name = "clinic.patient.relation"
    _description = "Family relation"
    _inherit = ["clinic.archive.mixin"]
    _order = "patient_id, date_from desc, id"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    related_id = fields.Many2one(
        "clinic.patient",
        string="Relative",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("mother", "Mother"),
            ("father", "Father"),
            ("guardian", "Guardian"),
            ("child", "Child"),
            ("spouse", "Spouse"),
            ("other", "Other"),
        ],
        required=True,
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Last day. Empty: until revoked.")
    may_see = fields.Boolean(string="Sees visits")
    may_book = fields.Boolean(string="Books visits")
    pays = fields.Boolean()

    _not_self = models.Constraint(
        "CHECK (patient_id <> related_id)", "A patient is no relative of themselves."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A relation cannot end before it begins.",
    )

    @api.depends("related_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for relation in self:
            relation.display_name = (
                f"{relation.related_id.name} ({kinds.get(relation.kind)})"
            )

    def action_open_relative(self):
        """Jump to the relative's card."""
        return self.related_id.action_open_card()
