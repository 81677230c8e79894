from odoo import models
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.statements import fetch


class ClinicSpecialist(models.Model):
    _inherit = "clinic.specialist"

    def _has_records(self):
        """In SQL: whoever asks reads nothing of them, only whether there is one."""
        statement = SQL(
            "SELECT FROM clinic_encounter WHERE specialist_id = ANY(%s) LIMIT 1",
            self.ids,
        )
        written = fetch(self.env, ["clinic.encounter"], statement)
        return bool(written) or super()._has_records()
