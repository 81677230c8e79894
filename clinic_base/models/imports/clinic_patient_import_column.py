from odoo import fields, models

from ...tools.patient_columns import SKIP


class ClinicPatientImportColumn(models.Model):
    """A column of a file: what stands in it, and what it is taken for."""

    _name = "clinic.patient.import.column"
    _description = "Column of a file of patients"
    _order = "import_id, number"
    _rec_name = "title"
    _log_access = False

    import_id = fields.Many2one(
        "clinic.patient.import", required=True, index=True, ondelete="cascade"
    )
    number = fields.Integer(required=True, readonly=True)
    title = fields.Char(readonly=True)
    sample = fields.Char(string="First rows", readonly=True)
    field = fields.Selection(
        [
            ("name", "Full name"),
            ("last_name", "Family name"),
            ("first_name", "First name"),
            ("middle_name", "Patronymic"),
            ("birthdate", "Date of birth"),
            ("sex", "Sex"),
            ("phone", "Phones"),
            ("email", "E-mail"),
            ("snils", "SNILS"),
            ("oms_policy", "OMS policy"),
            ("dms_policy", "DMS policy"),
            ("document_series", "Series of the document"),
            ("document_number", "Number of the document"),
            ("card_number", "Card number"),
            ("category", "Patient category"),
            ("zip", "Postal code"),
            ("city", "City"),
            ("street", "Street"),
            (SKIP, "Leave out"),
        ],
        string="Holds",
    )
