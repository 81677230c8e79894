from odoo import api, fields, models

from ...tools.receipts import spread
from .transfer import Transfer


class ClinicCharge(models.Model):
    """Visits that are drawn from a package which has been paid for already."""

    _inherit = "clinic.charge"

    package_id = fields.Many2one(
        "clinic.package", index="btree_not_null", readonly=True, ondelete="restrict"
    )
    package_number = fields.Integer(
        string="Visit of the package", readonly=True, copy=False
    )

    # However many book at once, a package never gives more than it has.
    _package_visit_once = models.UniqueIndex(
        "(package_id, package_number) WHERE package_id IS NOT NULL"
        " AND state <> 'cancelled'",
        "This visit of the package is taken already.",
    )

    def _filtered_draws(self):
        """Visits to come that a package pays for."""
        return self.filtered(
            lambda charge: (
                charge.package_id and not charge.posted_on and charge.state == "paid"
            )
        )

    # === MONEY OF PACKAGES === #

    def _keep_packages(self, plan):
        """Packages that free money pays in whole keep it for their visits.

        :param plan: (item of money, charge, sum, rule) of what is coming
        """
        parts = {}
        for item, charge, amount, _rule in plan:
            if charge.kind == "package" and charge.state == "open":
                parts.setdefault(charge, []).append((item, amount))
        sold = self.browse()
        wanted = []
        asked = self.union(*parts)._get_asked()
        for charge, some in parts.items():
            total = sum(amount for _item, amount in some)
            if charge.currency_id.compare_amounts(total, asked[charge]) < 0:
                continue
            sold |= charge
            account = charge.company_id._get_advance_account()
            wanted += [
                Transfer(item, account, amount, item.date, charge, charge.payer_id)
                for item, amount in some
            ]
        if sold:
            self.env["account.move"]._transfer(wanted)
            sold._mark_paid()
            self.env["clinic.package"].search([("charge_id", "in", sold.ids)])._draw()

    def _release_package(self):
        """The packages are not paid for any more: what is kept for them is free, and
        visits to come that were drawn from them cost their price again."""
        if not self:
            return
        moves = self.env["account.move"]
        kept = moves.search(
            [("clinic_reserve_id", "in", self.ids), ("state", "=", "posted")]
        )
        wanted = [
            Transfer(line, line.account_id, -line.amount_residual, line.date)
            for line in kept._get_receivable_lines()
            if line.balance < 0 and line.amount_residual < 0
        ]
        if wanted:
            moves._transfer(wanted)
        sold = self.filtered(lambda charge: charge.state == "paid")
        sold._as_engine().state = "open"
        packages = self.env["clinic.package"].search([("charge_id", "in", self.ids)])
        packages._give_up_draws()

    def _get_package_part(self):
        """The draw's part of what the package was sold for, before taxes on top.

        The parts of all visits of a package add up to its price to the kopeck.
        """
        self.ensure_one()
        package = self.package_id
        digits = package.currency_id.decimal_places
        parts = spread(package.amount, [1] * package.visits, digits)
        return parts[self.package_number - 1]

    def _get_package_taxes(self):
        """Taxes of what was sold, for its payer."""
        sold = self.package_id.charge_id
        taxes = sold.service_id.taxes_id._filter_taxes_by_company(sold.company_id)
        positions = self.env["account.fiscal.position"].with_company(sold.company_id)
        return positions._get_fiscal_position(sold.payer_id).map_tax(taxes)

    @api.model
    def _apply_packages(self, vals_list, is_booking=False):
        """A paid package pays for the visits that it covers.

        Changes the prices of ``vals_list`` in place. What a visit uses up is locked
        first when ``is_booking``; else it is a quote.
        """
        patient_ids = {vals["patient_id"] for vals in vals_list}
        patients = self.env["clinic.patient"].browse(patient_ids)
        packages = self.env["clinic.package"]._find_for(patients)
        if is_booking:
            packages._touch()
        packages._cover(vals_list)

    @api.model
    def _prepare_draw(self, package, number):
        """What changes in a charge that visit ``number`` of ``package`` pays for."""
        return {
            "price": 0.0,
            "discount": 100.0,
            "price_reason": "package",
            "package_id": package.id,
            "package_number": number,
            "state": "paid",
            "paid_at": self.env.cr.now(),
        }
