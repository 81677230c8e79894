import json
import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext, plaintext2html

from ...fields import get_keyring
from ...tools import authority
from ...tools.keyring import SealBrokenError, UnknownKeyError

_logger = logging.getLogger(__name__)

CHIEF = authority.MEDICAL_CHIEF.partition(".")[2]


class ClinicMedicalGrant(models.Model):
    """Who was made medical by those who may: sealed with the keys of the record.

    Roles are rows of a table, which whoever writes to the database can write to. Each
    lawful change adds a row here that only a server with the key file can make, so that
    a role that came another way shows. Rows hold changes, not the whole: two chiefs may
    grant at once, and what came another way is not sealed along.
    """

    _name = "clinic.medical.grant"
    _description = "Medical roles that were granted"
    _order = "id"
    _rec_name = "create_date"
    _allow_sudo_commands = False

    sealed = fields.Binary(readonly=True, attachment=False)

    @api.model
    def _seal(self, before, after):
        """Keep a change of members, sets of pairs of role and user id, and tell it.

        For the gate in res.groups, once it knows that the change is lawful.
        """
        change = {"given": sorted(after - before), "taken": sorted(before - after)}
        grant = self.create([{}])
        sealed = get_keyring(self.env).seal(
            json.dumps(change).encode(), grant._get_identity()
        )
        grant.sealed = sealed.hex().encode()
        chiefs = self._get_chiefs(before) | self._get_chiefs(after)
        self._alert(chiefs, before, after, lawful=True)

    @api.model
    def _cron_check(self):
        """Tell the chiefs of roles that nobody entitled has given or taken."""
        granted, members = self._get_granted(), self._get_members()
        if granted != members:
            _logger.error("Medical roles differ from those that were granted")
            chiefs = self._get_chiefs(granted) or self._get_chiefs(members)
            self._alert(chiefs, granted, members, lawful=False)

    @api.model
    def _get_differences(self):
        """Sentences on who is medical without a grant, or no longer despite of one."""
        return self._describe(self._get_granted(), self._get_members())

    @api.model
    def _get_members(self):
        return self.env["res.groups"]._clinic_get_medical_users()

    @api.model
    def _get_granted(self):
        """Pairs of role and user id by the sealed rows; of users that still exist."""
        granted = set()
        for grant in self.search([("sealed", "!=", False)]):
            change = grant._open()
            granted -= {(role, user_id) for role, user_id in change["taken"]}
            granted |= {(role, user_id) for role, user_id in change["given"]}
        users = self.env["res.users"].browse(user_id for _role, user_id in granted)
        existing = set(users.exists().ids)
        return {pair for pair in granted if pair[1] in existing}

    def _open(self):
        """The change in this row, an empty one if the seal does not hold."""
        self.ensure_one()
        try:
            sealed = bytes.fromhex((self.sealed or b"").decode())
            text = get_keyring(self.env).open(sealed, self._get_identity())
            return json.loads(text)
        except (SealBrokenError, UnknownKeyError, UserError, ValueError):
            _logger.error("The seal of the medical grant %s does not hold", self.id)
            return {"given": [], "taken": []}

    def _get_identity(self):
        return f"{self._name}|{self.id}".encode()

    @api.model
    def _get_chiefs(self, members):
        ids = [user_id for role, user_id in members if role == CHIEF]
        return self.env["res.users"].browse(ids).exists()

    @api.model
    def _describe(self, before, after):
        """One sentence for each pair that is in one of the sets alone."""
        lines = []
        for role, user_id in sorted(before ^ after):
            user = self.env["res.users"].browse(user_id).exists()
            values = {
                "role": self.env.ref(f"clinic_base.{role}").name,
                "user": f"{user.name} ({user.login})" if user else user_id,
            }
            if (role, user_id) in after:
                line = self.env._("%(user)s has the role “%(role)s” now.", **values)
            else:
                line = self.env._("%(user)s has lost the role “%(role)s”.", **values)
            lines.append(line)
        return lines

    @api.model
    def _alert(self, chiefs, before, after, lawful):
        """An activity for each chief; the same is not said twice while it is open."""
        vals_list = []
        for chief in chiefs:
            speaker = self.with_context(lang=chief.lang)
            lines = speaker._describe(before, after)
            if lawful or not self._is_alerted(chief, lines):
                vals_list.append(speaker._prepare_activity_vals(chief, lines, lawful))
        # In the program alone: no mail names who is who in the clinic.
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(vals_list)

    @api.model
    def _prepare_activity_vals(self, chief, lines, lawful):
        if lawful:
            summary = self.env._("Medical roles were changed")
        else:
            summary = self.env._("Medical roles were changed past the chief physician")
        return {
            "user_id": chief.id,
            "summary": summary,
            "note": plaintext2html("\n\n".join(lines)),
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
        }

    @api.model
    def _is_alerted(self, chief, lines):
        activities = self.env["mail.activity"].search([("user_id", "=", chief.id)])
        notes = [html2plaintext(activity.note or "") for activity in activities]
        return any(all(line in note for line in lines) for note in notes)
