from odoo import models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.models.imports.name_lookup import AskedError


class ClinicListServices(models.AbstractModel):
    _inherit = "clinic.list.services"

    def _take_branch_price(self, values, price, lookup):
        """A rule of the branch's price list, for every quantity and day.

        :raises AskedError: the branch has no list, or there is another price on it
        :raises UserError: no price is given
        """
        branch = lookup.find_branch(values.get("branch", ""))
        service = self._find_service(values)
        if price is None:
            raise UserError(self.env._("The row says no price."))
        if not service or not branch.pricelist_id:
            raise AskedError(
                self.env._(
                    "%(branch)s has no price list, or the service is not there yet.",
                    branch=branch.name,
                )
            )
        wanted = {"compute_price": "fixed", "fixed_price": float(price)}
        rule = branch.pricelist_id.item_ids.filtered(
            lambda rule: (
                rule.product_tmpl_id == service
                and not rule.product_id
                and not (rule.date_start or rule.date_end)
            )
        )
        if rule:
            return self._compare(rule[0], wanted)
        return self.env["product.pricelist.item"].create(
            {
                "pricelist_id": branch.pricelist_id.id,
                "applied_on": "1_product",
                "product_tmpl_id": service.id,
                **wanted,
            }
        )
