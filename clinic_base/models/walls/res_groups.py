from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError

from ...tools import authority

GUARDED = ("group_medical", "group_medical_chief")
MEMBERSHIP = {
    "user_ids",
    "all_user_ids",
    "implied_ids",
    "implied_by_ids",
    "all_implied_ids",
    "all_implied_by_ids",
    "disjoint_ids",
}


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model_create_multi
    def create(self, vals_list):
        with self._clinic_guard_medical():
            return super().create(vals_list)

    def write(self, vals):
        if MEMBERSHIP.isdisjoint(vals):
            return super().write(vals)
        with self._clinic_guard_medical():
            return super().write(vals)

    def unlink(self):
        with self._clinic_guard_medical():
            return super().unlink()

    @api.model
    @contextmanager
    def _clinic_guard_medical(self):
        """Raise AccessError if the block changes who is medical, unless a chief does.

        Compares the outcome rather than the commands: a role is given in many ways
        (user, group, implied group, a copy, the template of new users).
        """
        before = self._clinic_get_medical_users()
        yield
        after = self._clinic_get_medical_users()
        if after == before:
            return
        if not authority.may_grant(self.env) and self.env.registry.ready:
            raise AccessError(
                self.env._("Only the chief physician gives and takes medical roles.")
            )
        # Sudo: the seal is nobody's to write; it was just made sure who may grant.
        self.env["clinic.medical.grant"].sudo()._seal(before, after)

    @api.model
    def _clinic_get_medical_users(self):
        """Pairs of group and user ids, archived users and implied groups included."""
        pairs = set()
        for name in GUARDED:
            # Sudo: only compared; nothing of it is shown.
            group = self.env.ref(f"clinic_base.{name}", raise_if_not_found=False)
            if not group:
                continue
            group = group.sudo().with_context(active_test=False)
            group.invalidate_recordset(["all_user_ids", "all_implied_by_ids"])
            pairs.update((name, user_id) for user_id in group.all_user_ids.ids)
        return pairs
