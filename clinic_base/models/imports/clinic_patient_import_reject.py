from odoo import fields, models


class ClinicPatientImportReject(models.Model):
    _name = "clinic.patient.import.reject"
    _description = "Rejected row"
    _order = "import_id, line"
    _rec_name = "line"
    _log_access = False

    import_id = fields.Many2one(
        "clinic.patient.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer(required=True)
    reason = fields.Selection(
        [
            ("known", "There is a card already"),
            ("name", "No name"),
            ("birthdate", "Impossible date of birth"),
            ("sex", "Sex is not understood"),
            ("phone", "Not a telephone number"),
            ("email", "Not an e-mail address"),
            ("snils", "SNILS does not check"),
            ("oms_policy", "OMS policy does not check"),
            ("columns", "Wrong number of columns"),
            ("encoding", "Broken encoding"),
            ("quotes", "A quote is not closed"),
            ("too_long", "The row is too long"),
        ],
        required=True,
    )
    text = fields.Text(string="Row")
