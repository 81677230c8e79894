from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# What past visits and entries call a person by.
SHOWN = frozenset({"id", "display_name"})


class ClinicClosedMixin(models.AbstractModel):
    """Rows of a person whose data are blocked or erased: the management alone finds
    them, reads them by their ids, and changes them (152-ФЗ, art. 21).

    Odoo reads records by searching too, without a test for active ones: what refers to
    such a person names them as before.
    """

    _name = "clinic.closed.mixin"
    _description = "Data that may be blocked"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        if options.get("active_test", True) and not self._sees_closed():
            domain = Domain(domain) & ~self._get_closed_domain()
        return super()._search(domain, offset, limit, order, **options)

    @api.model
    def _get_closed_domain(self):
        """Hook: the rows that are closed."""
        raise NotImplementedError

    def _filter_closed(self):
        """Hook: those of ``self``, as superuser, that are closed."""
        raise NotImplementedError

    @api.model
    def _sees_closed(self):
        return self.env.su or self.env.user.has_group(
            "clinic_base.group_clinic_manager"
        )

    def read(self, fields=None, load="_classic_read"):
        """:raises AccessError: of closed rows more than the name is asked for"""
        if not SHOWN.issuperset(fields or ["*"]):
            self._check_not_closed()
        return super().read(fields, load)

    def export_data(self, fields_to_export):
        """:raises AccessError: some of them are closed"""
        self._check_not_closed()
        return super().export_data(fields_to_export)

    def write(self, vals):
        """:raises AccessError: some of them are closed"""
        self._check_not_closed()
        return super().write(vals)

    def _check_not_closed(self):
        # Sudo: a yes or no, to refuse more.
        if not self._sees_closed() and self.sudo()._filter_closed():
            raise AccessError(
                self.env._(
                    "The person's data are blocked or erased. The clinic's manager"
                    " opens them with a reason."
                )
            )
