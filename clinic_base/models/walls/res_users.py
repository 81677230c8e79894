import secrets
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.fields import Command
from odoo.http import request
from odoo.tools import SQL

from ...tools import authority, caller

# Roles that talk to patients, or write to them.
CONTACT_ROLES = (
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_cashier",
    "clinic_base.group_accountant",
    "clinic_base.group_clinic_manager",
    "clinic_base.group_clinic_admin",
)


class ResUsers(models.Model):
    _inherit = "res.users"

    clinic_branch_ids = fields.Many2many(
        "clinic.branch",
        "clinic_branch_user_rel",
        "user_id",
        "branch_id",
        string="Own branches",
        help="Where a registrar changes things. Empty: everywhere. All of them see the"
        " whole network.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["res.groups"]._clinic_guard_medical():
            return super().create(vals_list)

    def write(self, vals):
        if "clinic_branch_ids" in vals or "company_id" in vals:
            # Record rules are kept evaluated for each user.
            self.env.registry.clear_cache()
        if "totp_secret" in vals:
            self._clinic_check_second_factor()
        # Odoo's user form also writes virtual fields named after groups.
        if not any("group" in name or name == "role" for name in vals):
            return super().write(vals)
        with self.env["res.groups"]._clinic_guard_medical():
            return super().write(vals)

    def _login(self, credential, user_agent_env):
        """A login is a text: what is counted and what is looked up are the same."""
        if not isinstance(credential.get("login"), str):
            raise AccessDenied()
        return super()._login(credential, user_agent_env)

    @contextmanager
    def _assert_can_auth(self, user=None):
        """Count every attempt in the database, for all workers, by login and address.

        :param user: login as it was typed, or id in a second step
        :raises AccessDenied: with the seconds to wait, before anything is compared
        """
        address = caller.get_address()
        if not address:
            yield
            return
        attempts = self.env["clinic.login.attempt"]
        has_password, user_id = self._clinic_look_up(user)
        attempt, wait = attempts._begin(user, address, user_id)
        if wait:
            raise AccessDenied(
                self.env._(
                    "That did not work several times. Please try again in %(seconds)s"
                    " seconds.",
                    seconds=wait,
                )
            )
        try:
            with caller.counted(), super()._assert_can_auth(user=user):
                yield
        except AccessDenied:
            if not has_password:
                # An unknown login takes as long as a known one.
                self._crypt_context().hash(secrets.token_hex())
            raise
        attempts._succeed(attempt)

    def _on_login_cooldown(self, failures, previous):
        """Never by the address alone: it is the whole branch's."""
        return False

    def _check_credentials(self, credential, env):
        """Count what is no sign-in as well: lock screen, change of password."""
        if not caller.get_address() or caller.is_counted():
            return super()._check_credentials(credential, env)
        with self._assert_can_auth(user=self.login):
            return super()._check_credentials(credential, env)

    @api.model
    def _clinic_look_up(self, user):
        """Whether ``user``, a login or an id, has a password; and the id."""
        condition = (
            SQL("id = %s", user)
            if isinstance(user, int)
            else SQL("login = %s", str(user).strip())
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT COALESCE(password, '') <> '' AND active, id FROM res_users"
                " WHERE %s LIMIT 1",
                condition,
            )
        )
        return rows[0] if rows else (False, None)

    def _clinic_check_second_factor(self):
        """Of a medical login only its owner and the chief physician take the second
        factor off: without it, whoever sets passwords signs in as any physician.

        :raises AccessError: for everybody else, whichever button it was
        """
        others = self - self.env.user
        # Sudo: only whether they are medical.
        medical = (user._has_group(authority.MEDICAL) for user in others.sudo())
        # Odoo's button goes on as superuser: who pressed it counts.
        if any(medical) and not authority.may_grant(self.env(su=False)):
            raise AccessError(
                self.env._(
                    "Only the chief physician takes the second factor off a medical"
                    " login."
                )
            )

    def _sees_patient_contacts(self):
        """Whether patients' phones and e-mails are shown to this user.

        A clinic may keep them from its specialists. Their home company decides: the
        companies of a request are chosen by the client. Another role beside the
        medical one gives the contacts back.
        """
        self.ensure_one()
        return (
            self.id == SUPERUSER_ID
            or not self._has_group("clinic_base.group_medical")
            # Sudo: a setting of one's own company.
            or self.sudo().company_id.clinic_specialist_sees_contacts
            or any(map(self._has_group, CONTACT_ROLES))
        )

    @api.private
    def make_first_medical_chief(self):
        """Make ``self`` chief physician where there is none yet.

        For the command line of a new installation; afterwards chiefs appoint chiefs.
        Raises UserError in a request, or if there is a chief.
        """
        self.ensure_one()
        chief = self.env.ref(authority.MEDICAL_CHIEF)
        if request or chief.sudo().all_user_ids:
            raise UserError(
                self.env._(
                    "There is a chief physician already, who appoints the next one."
                )
            )
        # Nobody can hold the right that is given here for the first time.
        self.sudo().write({"group_ids": [Command.link(chief.id)]})
