from odoo import fields, models


class ClinicPatientImportPart(models.Model):
    """A batch that is written, with its cards, and not counted in the run yet."""

    _name = "clinic.patient.import.part"
    _description = "Part of an import of patients"
    _order = "import_id, start"
    _rec_name = "start"
    _log_access = False

    import_id = fields.Many2one(
        "clinic.patient.import", required=True, ondelete="cascade"
    )
    start = fields.Integer(string="From (bytes)", required=True)
    offset = fields.Integer(string="Up to (bytes)", required=True)
    line = fields.Integer(string="Next line", required=True)
    created = fields.Integer(required=True)

    _once = models.Constraint(
        "UNIQUE (import_id, start)", "This part of the file is written already."
    )
