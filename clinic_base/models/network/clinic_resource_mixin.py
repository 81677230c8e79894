from odoo import api, fields, models


class ClinicResourceMixin(models.AbstractModel):
    """Something whose time is taken by visits: it owns one ``resource.resource``.

    The resource belongs to no company, so that one occupancy serves every company of
    the network, and has no working calendar: working time comes from shifts.
    """

    _name = "clinic.resource.mixin"
    _description = "Owner of a resource"

    _resource_type = "material"

    resource_id = fields.Many2one(
        "resource.resource",
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
        index=True,
    )

    _resource_uniq = models.Constraint(
        "UNIQUE (resource_id)", "A resource belongs to one owner only."
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        missing = [vals for vals in vals_list if not vals.get("resource_id")]
        # The right to create the owner is checked above; resources themselves are
        # Odoo's configuration, which no clinic role edits by hand.
        resources = (
            self.env["resource.resource"]
            .sudo()
            .create([self._prepare_resource_vals(vals) for vals in missing])
        )
        for vals, resource in zip(missing, resources, strict=True):
            vals["resource_id"] = resource.id
        return super().create(vals_list)

    @api.model
    def _prepare_resource_vals(self, vals):
        return {
            "name": vals.get("name"),
            "resource_type": self._resource_type,
            "company_id": False,
            "calendar_id": False,
            "tz": self.env.user.tz or "UTC",
        }

    def write(self, vals):
        result = super().write(vals)
        mirrored = {key: vals[key] for key in ("name", "active") if key in vals}
        if mirrored:
            # Writing the owner was allowed above; its resource only mirrors it.
            self.sudo().resource_id.write(mirrored)
        return result
