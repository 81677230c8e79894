from odoo import fields, models


class HrEmployee(models.Model):
    _inherit = "hr.employee"

    clinic_specialist_id = fields.Many2one(
        "clinic.specialist",
        string="Specialist",
        index=True,
        ondelete="restrict",
        copy=False,
        groups="hr.group_hr_user,clinic_base.group_clinic_admin",
    )

    _clinic_specialist_once = models.UniqueIndex(
        "(clinic_specialist_id, company_id) WHERE clinic_specialist_id IS NOT NULL",
        "The specialist already has an employee in this company.",
    )
