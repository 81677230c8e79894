from odoo import models


class ClinicCharge(models.Model):
    _inherit = "clinic.charge"

    def _hold(self):
        """Hold the charges until the end of this transaction, and read them anew.

        Somebody who pays them at the same moment fails with a serialization error, is
        run again by the server and sees that they are paid.
        """
        self.env.cr.execute(
            "UPDATE clinic_charge SET write_date = write_date WHERE id = ANY(%s)",
            [sorted(self.ids)],
        )
        self.invalidate_recordset(["state"])

    def _get_totals(self, payer):
        """{charge: what an invoice to ``payer`` will ask for it, taxes included}."""
        company = self.company_id[:1]
        positions = self.env["account.fiscal.position"].with_company(company)
        position = positions._get_fiscal_position(payer)
        totals = {}
        for charge in self:
            taxes = charge.service_id.taxes_id._filter_taxes_by_company(company)
            found = position.map_tax(taxes).compute_all(
                charge.price,
                currency=charge.currency_id,
                quantity=charge.qty,
                product=charge.service_id,
                partner=payer,
            )
            totals[charge] = found["total_included"]
        return totals
