from odoo import api, models


class ClinicMedicalCard(models.Model):
    _inherit = "clinic.medical.card"

    @api.model
    def _get_timeline_sources(self):
        return super()._get_timeline_sources() | {
            "tooth": ("clinic.dental.chart", "date", [])
        }

    @api.model
    def _render_tooth(self, teeth):
        for tooth in teeth:
            yield tooth, {"title": str(tooth.tooth)}
