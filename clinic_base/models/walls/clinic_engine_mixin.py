from odoo import api, models
from odoo.exceptions import UserError

# The gate is an object, which no client can put into its context.
ENGINE = object()


class ClinicEngineMixin(models.AbstractModel):
    """Fields that nobody writes by hand, whatever the role: each of them has a rule, a
    log or other rows behind it, which the model's own actions keep in step.

    A model names them in :meth:`_get_engine_fields`; its actions check who calls, then
    write ``self._as_engine()``.
    """

    _name = "clinic.engine.mixin"
    _description = "Fields that only actions write"

    # Whether rows come into being by actions alone.
    _created_by_engine = True
    # Whether code that has checked its caller and gone on as superuser is the engine.
    _engine_is_superuser = False

    @api.model_create_multi
    def create(self, vals_list):
        if not self._is_engine():
            own = self._get_engine_fields() - self._get_creation_fields()
            given = {name for vals in vals_list for name in vals}
            # A default from the caller's context is a value like any other.
            given |= {name for name in own if f"default_{name}" in self.env.context}
            if self._created_by_engine or own & given:
                self.check_access("create")  # says more to who has no right at all
                self._raise_engine_only()
        return super().create(vals_list)

    def write(self, vals):
        if self._get_engine_fields() & vals.keys() and not self._is_engine():
            self.check_access("write")
            self._raise_engine_only()
        return super().write(vals)

    def copy(self, default=None):
        if self._created_by_engine and not self._is_engine():
            self._raise_engine_only()
        return super().copy(default)

    @api.model
    def _get_engine_fields(self):
        """Hook: names of the fields that nobody writes by hand, as a set."""
        return frozenset()

    @api.model
    def _get_creation_fields(self):
        """Hook: which of them people choose when they make a row, and never again."""
        return frozenset()

    def _is_engine(self):
        return self.env.context.get("clinic_engine") is ENGINE or (
            self._engine_is_superuser and self.env.su
        )

    def _as_engine(self):
        """``self`` allowed to write the engine's fields; the caller has checked."""
        return self.with_context(clinic_engine=ENGINE)

    def _raise_engine_only(self):
        """Hook: say by which actions it is done instead.

        :raises UserError: always
        """
        raise UserError(self.env._("This is changed by its own actions, not by hand."))
