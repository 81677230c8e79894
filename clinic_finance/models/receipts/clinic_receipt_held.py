from odoo import api, models

from ...tools import vat as rates
from .clinic_receipt import PREPAID


class ClinicReceipt(models.Model):
    """Receipts that cannot say their VAT yet: money is taken, its receipt waits for a
    person and is handed over with the moment of the money."""

    _inherit = "clinic.receipt"

    def _has_unknown_vat(self):
        return rates.UNKNOWN in self.line_ids.mapped("vat")

    def _ask_for_rate(self):
        """The receipts wait, and an accountant is asked which VAT it is."""
        for company, held in self.grouped("company_id").items():
            held.state = "held"
            held.line_ids.unknown_tax_ids._ask_vat(company)

    def action_release(self):
        """Hand over those whose rate is known by now.

        :raises AccessError: for who may not read receipts
        """
        self.check_access("read")
        # Receipts are written by nobody by hand; what is read has been checked.
        self.sudo()._release()

    @api.model
    def _release_held(self):
        """Every receipt that waits, of any company."""
        self.search([("state", "=", "held")], order="id")._release()

    def _release(self):
        """Hand over those of the receipts of whose rates somebody has told."""
        held = self.filtered(lambda receipt: receipt.state == "held")
        for line in held.line_ids.filtered("unknown_tax_ids"):
            vat = line.unknown_tax_ids._get_receipt_vat()
            if line.payment_method in PREPAID:
                vat = rates.calculated(vat)
            if vat != rates.UNKNOWN:
                line.write({"vat": vat, "unknown_tax_ids": False})
        known = held.filtered(lambda receipt: not receipt._has_unknown_vat())
        known.state = "pending"
        known._hand_over_once()
