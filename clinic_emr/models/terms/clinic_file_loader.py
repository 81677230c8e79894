from odoo import api, models


class ClinicFileLoader(models.AbstractModel):
    _inherit = "clinic.file.loader"

    @api.model
    def _get_loaders(self):
        return {**super()._get_loaders(), "icd10": self._load_icd10}

    @api.model
    def _load_icd10(self, order, _report):
        created = self.env["clinic.icd10"]._import_csv(order.path)
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return {"created": created}
