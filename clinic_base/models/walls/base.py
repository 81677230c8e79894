from odoo import api, models
from odoo.exceptions import AccessError
from odoo.http import request

from ...tools import given
from ...tools.stored_code import is_closed

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
    def default_get(self, fields):
        """Without defaults of the context for what the program alone writes: here they
        come by for every record that is made, rows below others included."""
        return super(Base, given.without_defaults(self)).default_get(fields)

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
        """:raises AccessError: a dialog that names what its caller may not read, whose
        other fields would tell of it; a row that goes over to another company; one that
        has something done with medical records
        """
        # Odoo hands over what can be read once.
        field_names = list(field_names)
        super()._validate_fields(field_names, excluded_names)
        self._clinic_check_pointing(field_names)
        if self._name.startswith("clinic.") and not self.env.su:
            if self._transient:
                self._clinic_check_named(field_names)
            else:
                self._clinic_check_company(field_names)

    def _clinic_check_named(self, names):
        for name in names:
            field = self._fields.get(name)
            if field and field.relational and field.comodel_name.startswith(GUARDED):
                named = self[name]
                # Who has no right to any of them is shown none by the dialog's code.
                if not named._transient and named.browse().has_access("read"):
                    named.check_access("read")

    def _clinic_check_pointing(self, names):
        """Audit rules, automations and whatever else an addon on the server does with
        the records of a model that a login has chosen, run in physicians' requests: the
        values would end where they are read without a medical role."""
        pointing = [
            name for name in names if self._fields[name].comodel_name == "ir.model"
        ]
        # Dialogs are over before anything could be done by them.
        if not pointing or self._transient or not is_closed(self.env):
            return
        if self.env.su and not request:
            return
        # Sudo: names of models are no secret.
        for model in self.env["ir.model"].union(*map(self.sudo().mapped, pointing)):
            if self._clinic_is_medical(model.model):
                raise AccessError(
                    self.env._(
                        "“%(model)s” is part of the medical record, with which nothing"
                        " is done that comes from the database.",
                        model=model.name,
                    )
                )

    @api.model
    def _clinic_is_medical(self, name):
        return getattr(self.env.get(name), "_clinic_medical", False)

    def _clinic_check_company(self, names):
        """Rules are asked before a change, and who makes it would not see the row
        after: neither would anybody else of the company that has lost it."""
        field = self._fields.get("company_id")
        if not field or not field.store or field.comodel_name != "res.company":
            return
        if any(self._fields[name].type == "many2one" for name in names):
            # Sudo: only compared.
            if self.sudo().company_id - self.env.user.company_ids:
                raise AccessError(
                    self.env._("This belongs to a company in which you do not work.")
                )
