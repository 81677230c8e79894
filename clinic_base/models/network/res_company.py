from odoo import api, fields, models

# Written where record rules have been evaluated and kept.
VISIBILITY = {
    "clinic_specialist_sees_visits",
    "clinic_specialist_sees_contacts",
    "clinic_specialist_books",
}


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "clinic.bounds.mixin"]

    clinic_specialist_sees_visits = fields.Boolean(
        string="Specialists see all visits",
        help="Otherwise a specialist sees the own visits only.",
    )
    clinic_specialist_sees_contacts = fields.Boolean(
        string="Specialists see patients' contacts",
        default=True,
        help="Otherwise phones and e-mails are hidden from medical staff without"
        " another role.",
    )
    clinic_specialist_books = fields.Boolean(
        string="Specialists book visits",
        default=True,
        help="Otherwise only the desk books, moves and cancels.",
    )

    clinic_certificate_days = fields.Integer(
        string="Days before a certificate ends", default=60
    )
    clinic_certificate_user_id = fields.Many2one(
        "res.users",
        string="Who renews certificates",
        domain="[('share', '=', False)]",
        ondelete="restrict",
    )

    clinic_record_years = fields.Integer(
        string="Years that medical records are kept",
        default=25,
        help="After the last entry: 25 for an outpatient's record (letter of the"
        " Ministry of Health of 07.12.2015 № 13-2/1538).",
    )

    clinic_accounting_years = fields.Integer(
        string="Years that accounting documents are kept",
        default=5,
        help="After the year of the document: at least five (402-ФЗ, art. 29).",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "clinic_accounting_years": (5, 100),
            "clinic_certificate_days": (0, 3650),
            "clinic_record_years": (1, 100),
        }

    def _get_clinic_tz(self):
        """Zone of the company: that of its first branch."""
        # Clocks of branches are no secret.
        branches = self.env["clinic.branch"].sudo()
        branch = branches.search([("company_id", "in", self.ids)], limit=1)
        return branch.tz or self.partner_id.tz or "UTC"

    def _get_clinic_today(self):
        """Today in the company's zone, whoever asks from wherever."""
        clinic = self.with_context(tz=self._get_clinic_tz())
        return fields.Date.context_today(clinic, self.env.cr.now())

    def write(self, vals):
        result = super().write(vals)
        if VISIBILITY & vals.keys():
            self.env.registry.clear_cache()
        return result
