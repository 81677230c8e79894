from odoo import models
from odoo.exceptions import UserError


class IrModuleModule(models.Model):
    """A module that holds records of the clinic stays: its tables would go with it."""

    _inherit = "ir.module.module"

    def button_uninstall(self):
        """:raises UserError: if records that are never deleted would be"""
        if self.env.is_admin():  # everybody else is refused by Odoo
            self._check_nothing_is_lost()
        return super().button_uninstall()

    def _check_nothing_is_lost(self):
        going = self | self.downstream_dependencies()
        held = going._find_held_models()
        if held:
            names = held.sorted("model").mapped("name")
            raise UserError(
                self.env._(
                    "%(modules)s: cannot be uninstalled, since records that are never"
                    " deleted would go too: %(held)s.",
                    modules=", ".join(self.mapped("shortdesc")),
                    held=", ".join(names),
                )
            )

    def _find_held_models(self):
        """Models that go with ``self`` and hold more than the modules' own data."""
        names = self.mapped("name")
        kept = self.env.registry["clinic.archive.mixin"]
        self.env.flush_all()
        held = [
            name
            for name, model in self.env.registry.items()
            if issubclass(model, kept)
            and model._auto
            and not model._abstract
            and model._original_module in names
            # Whether there are any; who reads them is not asked here.
            and self.env[name].sudo()._has_own_records(names)
        ]
        known = self.env["ir.model"]
        return known.concat(*map(known._get, held))
