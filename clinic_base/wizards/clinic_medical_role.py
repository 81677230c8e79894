from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import authority


class ClinicMedicalRole(models.TransientModel):
    """Who has which medical role; the chief physician gives and takes them here.

    The form of users belongs to administrators: it gives every other right as well.
    """

    _name = "clinic.medical.role"
    _description = "Medical roles"

    role = fields.Selection(
        [
            ("group_medical", "Medical staff"),
            ("group_medical_chief", "Chief physician"),
        ],
        required=True,
        default="group_medical",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Give to",
        domain="[('share', '=', False), ('id', 'not in', holder_ids)]",
        ondelete="cascade",
    )
    holder_id = fields.Many2one(
        "res.users",
        string="Take from",
        domain="[('id', 'in', holder_ids)]",
        ondelete="cascade",
    )
    holder_ids = fields.Many2many(
        "res.users", string="Have this role", compute="_compute_holder_ids"
    )

    @api.depends("role")
    def _compute_holder_ids(self):
        for dialog in self:
            dialog.holder_ids = dialog._get_group().all_user_ids.filtered("active")

    def _get_group(self):
        # Sudo: who has a medical role is shown to chiefs, who alone have this dialog.
        return self.env.ref(f"clinic_base.{self.role}").sudo()

    def action_give(self):
        """Give the role to the chosen user.

        :raises AccessError: for everybody but chief physicians
        :raises UserError: nobody is chosen, or somebody who is no member of the staff
        """
        self._check_chosen(self.user_id)
        self._write_role(self.user_id, Command.link)
        self.user_id = False
        return self._show()

    def action_take(self):
        """Take the role from the chosen one of those who have it.

        :raises AccessError: for everybody but chief physicians
        :raises UserError: nobody is chosen, the last chief, or a role that comes with
            another one
        """
        self._check_chosen(self.holder_id)
        group = self._get_group()
        chiefs = self.env.ref(authority.MEDICAL_CHIEF).sudo().all_user_ids
        if self.role == "group_medical_chief" and chiefs == self.holder_id:
            raise UserError(
                self.env._("Make somebody else chief physician first: one has to be.")
            )
        self._write_role(self.holder_id, Command.unlink)
        if self.holder_id in group.all_user_ids:
            raise UserError(
                self.env._(
                    "%(user)s has this role by another one. Take that one first.",
                    user=self.holder_id.name,
                )
            )
        self.holder_id = False
        return self._show()

    def action_disable_totp(self):
        """Take the second factor off the chosen one, who has lost the telephone.

        :raises AccessError: for everybody but chief physicians
        :raises UserError: nobody is chosen
        """
        self._check_chosen(self.holder_id)
        # Chiefs, as checked just above, have no right to the form of users.
        holder = self.holder_id.sudo()
        holder._revoke_all_devices()
        holder.totp_secret = False
        return self._show()

    def _check_chosen(self, user):
        self.ensure_one()
        if not authority.may_grant(self.env):
            raise AccessError(
                self.env._("Only the chief physician gives and takes medical roles.")
            )
        if not user or user.share:
            raise UserError(self.env._("Choose somebody of the staff."))

    def _write_role(self, user, command):
        # Only this role, of a user whose other rights the chief need not see; the guard
        # of medical roles asks once more who is signed in.
        user.sudo().write({"group_ids": [command(self._get_group().id)]})
        self.invalidate_recordset(["holder_ids"])

    def _show(self):
        """The dialog again, with what has changed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Medical roles"),
            "res_model": self._name,
            "views": [(False, "form")],
            "res_id": self.id,
            "target": "new",
        }
