from odoo import models


class ClinicRequestedItemMixin(models.AbstractModel):
    """A decision of a visit that asks for another visit."""

    _name = "clinic.requested.item.mixin"
    _description = "Decision that asks for a visit"
    _inherit = ["clinic.encounter.item.mixin", "clinic.requested.visit.mixin"]

    def _issue(self):
        result = super()._issue()
        self._ensure_request()
        return result

    def _cancel(self, reason):
        result = super()._cancel(reason)
        self._close_request()
        return result
