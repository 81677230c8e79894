from odoo import fields, models


class ClinicPatientImportSource(models.Model):
    """A program that files come from, and what its columns have been said to hold."""

    _name = "clinic.patient.import.source"
    _description = "Source of patients' files"
    _order = "name"

    name = fields.Char(required=True)
    mapping = fields.Json(readonly=True, help="Title of a column to what it holds.")

    _name_once = models.UniqueIndex("(name)", "There is a source with this name.")

    def _remember(self, mapping):
        """What one file has taught serves the next; a later word counts."""
        for source in self:
            source.mapping = {**(source.mapping or {}), **mapping}
