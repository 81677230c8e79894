from odoo import api, models
from odoo.exceptions import AccessError


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's search for all that is kept of a person looks past every right: it lists
    what its user may read anyway."""

    _inherit = "privacy.lookup.wizard"

    def action_lookup(self):
        self.check_access("write")
        # Sudo: lines of closed records are made too, and go before anybody sees them.
        action = super(PrivacyLookupWizard, self.sudo()).action_lookup()
        closed = self.line_ids.filtered(lambda line: not line._clinic_may_see())
        closed.sudo().unlink()
        return action


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = "privacy.lookup.wizard.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._clinic_check_open()
        return lines

    def write(self, vals):
        result = super().write(vals)
        self._clinic_check_open()
        return result

    def _clinic_check_open(self):
        """A line shows its record's name, archives and deletes it, with all rights.

        :raises AccessError: a line, written by hand, of a record that is closed
        """
        if self.env.su:
            return
        if closed := self.filtered(lambda line: not line._clinic_may_see()):
            raise AccessError(
                self.env._(
                    "Record %(number)s is closed to you.", number=closed[0].res_id
                )
            )

    def _clinic_may_see(self):
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None or not self.res_id:
            return False
        return model.browse(self.res_id).sudo(False).has_access("read")
