from odoo import api, models


class ClinicEngineRowMixin(models.AbstractModel):
    """Rows that actions alone make and change, whatever access rows say: logs, receipts
    and what else stands for something that has happened.

    Their actions check who calls and go on as superuser.
    """

    _name = "clinic.engine.row.mixin"
    _description = "Rows that only actions make"
    _inherit = ["clinic.engine.mixin"]

    _engine_is_superuser = True

    @api.model
    def _get_engine_fields(self):
        return self._fields.keys()
