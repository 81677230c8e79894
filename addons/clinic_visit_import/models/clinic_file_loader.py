from odoo import api, models


class ClinicFileLoader(models.AbstractModel):
    _inherit = "clinic.file.loader"

    @api.model
    def _get_loaders(self):
        return {**super()._get_loaders(), "visits": self._load_visits}

    @api.model
    def _load_visits(self, order, report):
        runs = self.env["clinic.visit.import"]._import_csv(
            order.path, rejects=order.rejects, report=report
        )
        return {
            "message": "\n".join(filter(None, runs.mapped("message"))) or False,
            **{name: sum(runs.mapped(name)) for name in ("created", "rejected")},
        }
