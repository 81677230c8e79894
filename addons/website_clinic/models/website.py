from odoo import api, models


class Website(models.Model):
    """What the pages of a clinic's site say on their edges."""

    _inherit = "website"

    @api.private
    def get_clinic_start(self):
        """Hook: address where a visitor begins to book; None without one."""
        return None

    @api.private
    def get_clinic_branches(self):
        """Where patients are received, for the footer of every page.

        :return: dicts of ``name``, ``address`` and ``phone``, which are public
        """
        # Visitors read no branches; what is given back is what hangs at the door.
        branches = self.env["clinic.branch"].sudo()
        return [
            {
                "name": branch.name,
                "address": branch._get_address_line(),
                "phone": branch.phone,
            }
            for branch in branches.search([("company_id", "=", self.company_id.id)])
        ]
