from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _auth_method_bearer(cls):
        result = super()._auth_method_bearer()
        # A key authenticates a login without a session: see tools/authority.py.
        request.clinic_bearer_uid = request.env.uid
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        """Log access to medical records before the answer, or the error, leaves."""
        try:
            return super()._dispatch(endpoint)
        finally:
            cls._clinic_write_trail()

    @classmethod
    def _post_dispatch(cls, response):
        cls._clinic_write_trail()
        return super()._post_dispatch(response)

    @classmethod
    def _clinic_write_trail(cls):
        if trail := getattr(request, "clinic_trail", None):
            request.env["clinic.access.log"]._write_trail(trail)
