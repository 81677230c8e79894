from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.clinic_base.fields import EncryptedText


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
        """:raises UserError: without a reason"""
        if any(not (vals.get("reason") or "").strip() for vals in vals_list):
            raise UserError(self.env._("Say why the record has to be opened now."))
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
        return opened

    def write(self, vals):
        if vals.keys() - {"reviewed_by_id", "reviewed_on"}:
            raise UserError(self.env._("An emergency access stays as it was."))
        return super().write(vals)

    def action_review(self):
        """The chief has looked it through."""
        self.write(
            {"reviewed_by_id": self.env.uid, "reviewed_on": fields.Datetime.now()}
        )

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

    def action_open_record(self):
        """The medical page that was opened."""
        self.ensure_one()
        return self.env["clinic.medical.card"].get_for(self.patient_id)._open()

    @api.model
    def _get_open_domain(self):
        """What the user has open now."""
        return Domain("user_id", "=", self.env.uid) & Domain(
            "until", ">", self.env.cr.now()
        )

    def _tell_chiefs(self):
        """A notice without the patient: it may leave by e-mail."""
        chiefs = self.env.ref("clinic_base.group_medical_chief").all_user_ids
        chiefs = (chiefs - self.env.user).filtered("active")
        for lang, partners in chiefs.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang).env
            # Sudo: the author need not be allowed to write to the chiefs.
            env["mail.thread"].sudo().message_notify(
                partner_ids=partners.ids,
                subject=env._("A medical record was opened in an emergency"),
                body=env._(
                    "%(user)s opened a record that is not theirs. Look it through under"
                    " Medical, Emergency accesses (number %(id)s).",
                    user=self.env.user.name,
                    id=self.id,
                ),
            )
