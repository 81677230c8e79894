from odoo import api, models

from ...tools import given

# What happens in the clinic, each row of which belongs to a company or to a patient.
GUARDED = ("clinic.", "account.", "payment.")


class Base(models.AbstractModel):
    """Lists of what the caller may not read are not among the caller's fields.

    Where none are named, Odoo reads every field of :meth:`fields_get`, and one list of
    records of a closed model refuses the whole reading: a card could not be read for
    the telephone calls of its contact. A field that is named still says no, and views
    name theirs.
    """

    _inherit = "base"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        described = super().fields_get(allfields, attributes)
        if allfields or self.env.su:
            return described
        fields = self._fields
        return {
            name: one
            for name, one in described.items()
            if name not in fields or not self._clinic_is_closed(fields[name])
        }

    @api.model
    def _clinic_is_closed(self, field):
        """Whether ``field`` is a list whose records are closed to the caller; what is
        computed by sudo has been opened on purpose."""
        if field.type not in ("one2many", "many2many") or field.compute_sudo:
            return False
        return not self.env[field.comodel_name].has_access("read")

    @api.model
    def load(self, fields, data):
        """:raises AccessError: a column is for what the program alone writes"""
        if not self.env.su:
            given.refuse(self, given.read_paths(self, fields))
        return super().load(fields, data)

    @api.model
    def _forget_person(self, cards):
        """Hook of every model: overwrite what its free texts say of the person of
        ``cards``, who is being erased. What stands in a field of its own is named by
        ``_get_personal_fields`` of the card."""

    # Odoo's method returns nothing.
    def _validate_fields(  # pylint: disable=missing-return
        self, field_names, excluded_names=()
    ):
        """:raises AccessError: a dialog that names what its caller may not read; its
        other fields would tell of it
        """
        super()._validate_fields(field_names, excluded_names)
        if self._transient and self._name.startswith("clinic.") and not self.env.su:
            self._clinic_check_named(field_names)

    def _clinic_check_named(self, names):
        for name in names:
            field = self._fields.get(name)
            if field and field.relational and field.comodel_name.startswith(GUARDED):
                named = self[name]
                # Who has no right to any of them is shown none by the dialog's code.
                if not named._transient and named.browse().has_access("read"):
                    named.check_access("read")
