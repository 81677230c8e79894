from odoo import api, fields, models


class ClinicPhrase(models.Model):
    """A ready piece of text: typed as ``/name`` or picked from the list at a field."""

    _name = "clinic.phrase"
    _description = "Quick phrase"
    _inherit = ["clinic.archive.mixin"]
    _order = "name, id"

    name = fields.Char(
        string="Short name", required=True, help="Typed after a slash, without spaces."
    )
    text = fields.Text(required=True)
    specialist_id = fields.Many2one(
        "clinic.specialist",
        string="Belongs to",
        ondelete="restrict",
        index="btree_not_null",
        default=lambda self: self._get_own_specialist(),
        help="Empty: shared.",
    )
    specialty_id = fields.Many2one(
        "clinic.specialty",
        ondelete="restrict",
        help="Whom a shared phrase is for. Empty: for everybody.",
    )

    _name_one_word = models.Constraint(
        r"CHECK (name !~ '[\s/]')", "A short name has no spaces and no slashes."
    )

    @api.model
    def _get_own_specialist(self):
        return self.env["clinic.specialist"].search(
            [("user_id", "=", self.env.uid)], limit=1
        )

    @api.model
    def get_offered(self):
        """Phrases of the user and those shared with them: name, text, field."""
        specialties = self._get_own_specialist().specialty_ids
        return self.search_read(
            [
                "|",
                ("specialist_id.user_id", "=", self.env.uid),
                "&",
                ("specialist_id", "=", False),
                ("specialty_id", "in", [False, *specialties.ids]),
            ],
            ["name", "text", "field"],
        )
