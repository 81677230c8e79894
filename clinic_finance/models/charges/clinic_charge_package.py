from odoo import api, fields, models


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

    def _sync_paid(self):
        paid = super()._sync_paid()
        if sold := paid.filtered(lambda charge: charge.kind == "package"):
            self.env["clinic.package"].search([("charge_id", "in", sold.ids)])._draw()
        return paid

    @api.model
    def _apply_benefits(self, vals_list, is_booking=False):
        """A paid package pays for the visits that it covers."""
        result = super()._apply_benefits(vals_list, is_booking)
        patient_ids = {vals["patient_id"] for vals in vals_list}
        patients = self.env["clinic.patient"].browse(patient_ids)
        packages = self.env["clinic.package"]._find_for(patients)
        if is_booking:
            packages._touch()
        packages._cover(vals_list)
        return result

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
        }
