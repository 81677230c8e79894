import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class ClinicSpecialistCertificate(models.Model):
    """What allows a specialist to work until a day: accreditation, licence, course."""

    _name = "clinic.specialist.certificate"
    _description = "Certificate of a specialist"
    _inherit = ["clinic.archive.mixin"]
    _order = "valid_until, id"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("accreditation", "Accreditation"),
            ("certificate", "Certificate of a specialist"),
            ("training", "Advanced training"),
            ("diploma", "Diploma"),
            ("other", "Other"),
        ],
        required=True,
        default="accreditation",
    )
    name = fields.Char(
        string="Subject", required=True, help="For instance: cardiology."
    )
    number = fields.Char()
    issued_by = fields.Char()
    issued_on = fields.Date()
    valid_until = fields.Date(index=True, help="Empty: for good.")
    scan = fields.Binary(attachment=True)
    scan_name = fields.Char(string="Name of the file")
    reminded = fields.Boolean(
        readonly=True, copy=False, help="The activity before expiry was made."
    )
    validity = fields.Selection(
        [("valid", "Valid"), ("ending", "Ends soon"), ("expired", "Expired")],
        compute="_compute_validity",
    )

    _dates_ordered = models.Constraint(
        "CHECK (valid_until >= issued_on)",
        "A certificate cannot end before it was issued.",
    )

    @api.depends("valid_until")
    @api.depends_context("tz", "company")
    def _compute_validity(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        soon = self._get_remind_day(today, self.env.company)
        for certificate in self:
            until = certificate.valid_until
            if not until or until > soon:
                certificate.validity = "valid"
            else:
                certificate.validity = "expired" if until < today else "ending"

    def write(self, vals):
        # A prolonged certificate is reminded of again.
        if "valid_until" in vals:
            vals = {"reminded": False, **vals}
        return super().write(vals)

    # === REMINDING === #

    @api.model
    def _get_remind_day(self, today, company):
        """The last day of validity that ``company`` is reminded of on ``today``."""
        # Sudo: a number of days that everybody sees at work.
        return today + timedelta(days=company.sudo().clinic_certificate_days)

    @api.model
    def _get_due_domain(self, company):
        """What is due of specialists whom ``company`` employs, or nobody does."""
        soon = self._get_remind_day(company._get_clinic_today(), company)
        employees = "specialist_id.employee_ids"
        return [
            ("reminded", "=", False),
            ("valid_until", "<=", soon),
            ("specialist_id.active", "=", True),
            "|",
            (f"{employees}.company_id", "=", company.id),
            (employees, "=", False),
        ]

    @api.model
    def _get_responsible(self, company):
        """Who renews certificates: as set, else the company's first clinic manager."""
        managers = self.env.ref("clinic_base.group_clinic_manager").all_user_ids
        own = managers.filtered(lambda user: company in user.company_ids)
        return (company.clinic_certificate_user_id | own).filtered("active")[:1]

    @api.model
    def _cron_remind(self):
        """One activity for each certificate that ends soon, or ended meanwhile.

        The mark is written with the activity, so that a killed run repeats none.
        """
        for company in self.env["res.company"].search([("active", "=", True)]):
            user = self._get_responsible(company)
            if not user:
                _logger.warning("%s: nobody renews certificates", company.id)
            elif not self._remind_all(self._get_due_domain(company), user):
                break

    @api.model
    def _remind_all(self, domain, user):
        """Remind ``user`` of what ``domain`` finds; whether there is time left."""
        cron = self.env["ir.cron"]
        due = self.search(domain)
        in_time = cron._commit_progress(remaining=len(due))
        for certificate in due:
            if not in_time:
                break
            if certificate.try_lock_for_update().filtered_domain(domain):
                certificate._remind(user)
            in_time = cron._commit_progress(1)
        return in_time

    def _remind(self, user):
        self.ensure_one()
        self.specialist_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.valid_until,
            user_id=user.id,
            summary=self.with_context(lang=user.lang)._get_reminder(),
        )
        self.reminded = True

    def _get_reminder(self):
        return self.env._("Renew: %(name)s", name=self.name)
