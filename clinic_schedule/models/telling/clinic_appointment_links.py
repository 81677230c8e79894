from odoo import models
from odoo.exceptions import AccessError

WITHDRAWERS = ("clinic_base.group_registrar_chief", "clinic_base.group_clinic_manager")


class ClinicAppointment(models.Model):
    """Addresses that were sent for a visit and came into wrong hands."""

    _inherit = "clinic.appointment"

    def action_withdraw_links(self):
        """All addresses sent for these visits open nothing from now on.

        Whoever is sent one afterwards gets a fresh one.

        :raises AccessError: for everybody but chiefs of the desk and managers
        """
        self.check_access("write")
        if not any(map(self.env.user.has_group, WITHDRAWERS)):
            raise AccessError(
                self.env._("Only the chief of the desk or a manager withdraws links.")
            )
        # Checked just above; no role writes links by hand.
        for links in self.sudo()._find_secret_links():
            links._withdraw_links()

    def _find_secret_links(self):
        """Hook: recordsets of secret links that lead to these visits, as a list."""
        return [self.env["clinic.visit.link"].search(self._get_links_domain())]

    def _get_links_domain(self):
        return [("appointment_id", "in", self.ids)]
