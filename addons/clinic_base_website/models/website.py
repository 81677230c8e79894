import re

from odoo import api, models

from odoo.addons.clinic_base.tools.stored_code import is_closed, refuse

# A container of Google's tag manager brings scripts of whoever owns it.
COUNTERS = re.compile(r"(G|UA|AW|DC)-[\w-]+")
PLAUSIBLE = "https://plausible.io/js/plausible.js"


class Website(models.Model):
    """Settings that say from where browsers load scripts change nothing: staff are
    signed in on the same site, and such a script would act for them."""

    _inherit = "website"

    @api.constrains("google_analytics_key")
    def _check_counter_brings_no_scripts(self):
        for website in self.filtered("google_analytics_key"):
            key = website.google_analytics_key
            if is_closed(self.env) and not COUNTERS.fullmatch(key):
                raise refuse(key)

    def get_cdn_url(self, uri):
        return uri if is_closed(self.env) else super().get_cdn_url(uri)

    def _get_plausible_script_url(self):
        if is_closed(self.env):
            return PLAUSIBLE
        return super()._get_plausible_script_url()
