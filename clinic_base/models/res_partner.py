from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    # Stored, so that the rule which hides patients costs no join.
    is_clinic_patient = fields.Boolean(string="Patient", index=True, readonly=True)
    clinic_patient_ids = fields.One2many(
        "clinic.patient",
        "partner_id",
        string="Patient card",
        groups="clinic_base.group_clinic_user",
    )
