from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.clinic_base.tools.public_methods import is_clinics
from odoo.addons.clinic_base.tools.stored_code import is_closed


class IrModel(models.Model):
    """The site's forms write as superuser, for anybody: nothing of the clinic's own."""

    _inherit = "ir.model"

    @api.constrains("website_form_access")
    def _check_form_writes_nothing_of_the_clinic(self):
        """:raises AccessError: for a model of the suite"""
        for model in self.filtered("website_form_access"):
            model._clinic_check_form()

    def _get_form_writable_fields(self, *args, **kwargs):
        """:raises AccessError: also where a form was opened to it earlier"""
        self._clinic_check_form()
        return super()._get_form_writable_fields(*args, **kwargs)

    def _clinic_check_form(self):
        model = self.env.get(self.model)
        if model is not None and is_clinics(model) and is_closed(self.env):
            raise AccessError(
                self.env._(
                    "Forms of the site do not write “%(model)s”: they would do it for"
                    " anybody, past all rights.",
                    model=self.name,
                )
            )
