from odoo import models


class ClinicCharge(models.Model):
    """By what the revenue of a charge is counted."""

    _inherit = "clinic.charge"

    def _get_analytic_distribution(self):
        """Distribution of the charge's invoice line; none if nothing is known.

        Whole by branch, by department (of the visit's room) and by specialist at once;
        never by patient.
        """
        self.ensure_one()
        # Whoever makes an invoice need not be allowed to see or make accounts.
        charge = self.sudo()
        sources = (
            charge.branch_id,
            charge.appointment_id.room_id.department_id,
            charge.specialist_id,
        )
        accounts = [
            str(source._get_analytic_account().id) for source in sources if source
        ]
        return {",".join(accounts): 100} if accounts else False
