from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ClinicAppointment(models.Model):
    """Who owes too much pays before booking."""

    _inherit = "clinic.appointment"

    @api.model
    def _check_payer(self, patient_id):
        """
        :raises UserError: while a financial block is in force; names money only
        """
        result = super()._check_payer(patient_id)
        # The desk learns that somebody owes, not the ledger behind it.
        patient = (
            self.env["clinic.patient"]
            .sudo()
            .search_fetch([("id", "=", patient_id), ("active", "in", (True, False))])
        )
        refusals = patient and self.env["clinic.financial.block"].sudo()._get_refusals(
            patient
        )
        for block, debt in (refusals or {}).items():
            if not debt:
                raise UserError(
                    self.env._(
                        "There is a financial block (%(cause)s): nothing can be booked."
                        " A chief registrar or a finance manager may let it pass.",
                        cause=block.cause,
                    )
                )
            raise UserError(
                self.env._(
                    "%(debt)s is owed since %(day)s: nothing can be booked before it"
                    " is paid. A chief registrar or a finance manager may let it pass.",
                    debt=block.currency_id.format(debt),
                    day=format_date(self.env, block.since),
                )
            )
        return result
