from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.reason import says_why

# So many within so long are no emergencies any more.
MANY = 3
MANY_WITHIN = timedelta(hours=1)


class ClinicEmergencyAccess(models.Model):
    """A record opened without the right to it: why, by whom, until when.

    The chief physicians hear of it at once and look every one of them through.
    """

    _name = "clinic.emergency.access"
    _description = "Emergency access to a record"
    _inherit = ["clinic.medical.mixin"]
    _order = "create_date desc, id desc"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Opened by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )
    reason = EncryptedText(string="Why")
    until = fields.Datetime(readonly=True, required=True)
    reviewed_by_id = fields.Many2one(
        "res.users", string="Looked through by", readonly=True, ondelete="restrict"
    )
    reviewed_on = fields.Datetime(string="Looked through on", readonly=True)

    _open = models.Index("(user_id, until)")

    def _get_neutral_name(self):
        return self.env._("Emergency access %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        """:raises UserError: without a reason that says something"""
        if not all(says_why(vals.get("reason") or "") for vals in vals_list):
            raise UserError(
                self.env._(
                    "Say in a few words why the record has to be opened now: the chief"
                    " physician reads it."
                )
            )
        hours = self.env["clinic.record.policy"]._get().emergency_hours
        until = self.env.cr.now() + timedelta(hours=hours)
        own = {
            "user_id": self.env.uid,
            "until": until,
            "reviewed_by_id": False,
            "reviewed_on": False,
        }
        opened = super().create([{**vals, **own} for vals in vals_list])
        for access in opened:
            access._tell_chiefs()
        opened._tell_of_many()
        return opened

    def write(self, vals):
        if vals.keys() - {"reviewed_by_id", "reviewed_on"}:
            raise UserError(self.env._("An emergency access stays as it was."))
        return super().write(vals)

    def action_review(self):
        """The chief has looked it through."""
        self.write({"reviewed_by_id": self.env.uid, "reviewed_on": self.env.cr.now()})

    def action_open_log(self):
        """What the user did with the patient's record while it was open."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_base.clinic_access_log_action"
        )
        domain = [
            ("login_uid", "=", self.user_id.id),
            ("patient_id", "=", self.patient_id.id),
            ("date", ">=", self.create_date),
            ("date", "<=", self.until),
        ]
        return {**action, "domain": domain, "context": {}}

    @api.model
    def _get_open_domain(self):
        """What the user has open now."""
        return Domain("user_id", "=", self.env.uid) & Domain(
            "until", ">", self.env.cr.now()
        )

    def _tell_chiefs(self):
        """A notice without the patient: it may leave by e-mail."""
        self._notify_chiefs(
            lambda env: (
                env._("A medical record was opened in an emergency"),
                env._(
                    "%(user)s opened a record that is not theirs. Look it through under"
                    " Medical, Emergency accesses (number %(id)s).",
                    user=self.env.user.name,
                    id=self.id,
                ),
            )
        )

    @api.model
    def _tell_of_many(self):
        """One emergency after the other is told apart: records are being looked for."""
        since = self.env.cr.now() - MANY_WITHIN
        # Sudo: counts what the user did, whoever may read it.
        count = self.sudo().search_count(
            [("user_id", "=", self.env.uid), ("create_date", ">", since)]
        )
        if count < MANY:
            return
        self._notify_chiefs(
            lambda env: (
                env._(
                    "%(count)s medical records opened in emergencies by one person",
                    count=count,
                ),
                env._(
                    "%(user)s opened %(count)s records that are not theirs within an"
                    " hour. Look them through now under Medical, Emergency accesses.",
                    user=self.env.user.name,
                    count=count,
                ),
            )
        )

    @api.model
    def _notify_chiefs(self, make_text):
        """Tell the other chief physicians of the user's companies, each in their
        language; where there are none, all chief physicians.

        :param make_text: gives (subject, body) in the environment of a language
        """
        chiefs = self.env.ref("clinic_base.group_medical_chief").all_user_ids
        # Sudo: where colleagues work is asked to tell the right ones.
        chiefs = (chiefs - self.env.user).filtered("active").sudo()
        companies = self.env.user.company_ids
        chiefs = chiefs.filtered(lambda one: one.company_ids & companies) or chiefs
        for lang, partners in chiefs.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang).env
            subject, body = make_text(env)
            # Sudo: the author need not be allowed to write to the chiefs.
            env["mail.thread"].sudo().message_notify(
                partner_ids=partners.ids, subject=subject, body=body
            )
