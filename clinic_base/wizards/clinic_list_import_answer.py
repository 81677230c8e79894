from odoo import api, fields, models

from ..tools.letters import fold


class ClinicListImportAnswer(models.TransientModel):
    """Which record a name of the file means; asked once for all its rows."""

    _name = "clinic.list.import.answer"
    _description = "Answer to an import of lists"
    _order = "model, id"

    import_id = fields.Many2one("clinic.list.import", required=True, ondelete="cascade")
    model = fields.Char(required=True, readonly=True)
    kind = fields.Char(compute="_compute_kind")
    text = fields.Char(string="In the file", required=True, readonly=True)
    patient_id = fields.Many2one("clinic.patient", string="Who")
    specialist_id = fields.Many2one("clinic.specialist", string="With whom")
    specialty_id = fields.Many2one("clinic.specialty")
    service_id = fields.Many2one(
        "product.product",
        string="For what",
        domain=[("is_clinic_service", "=", True)],
    )
    branch_id = fields.Many2one("clinic.branch", string="Where")

    @api.depends("model")
    def _compute_kind(self):
        for answer in self:
            # Sudo: the name of a kind of record.
            answer.kind = self.env["ir.model"]._get(answer.model).sudo().name

    @api.model
    def _get_fields(self):
        """{model that may be asked about: field that answers}."""
        names = ("patient_id", "specialist_id", "specialty_id", "service_id")
        return {self._fields[name].comodel_name: name for name in (*names, "branch_id")}

    def _get_record(self):
        self.ensure_one()
        return self[self._get_fields()[self.model]]

    def _get_answers(self):
        """{(model, folded name): record} of what has been answered."""
        return {
            (answer.model, fold(answer.text)): answer._get_record()
            for answer in self
            if answer._get_record()
        }
