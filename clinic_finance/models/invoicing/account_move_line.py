from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    clinic_patient_id = fields.Many2one(
        "clinic.patient",
        string="Patient",
        compute="_compute_clinic_patient_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    clinic_charge_id = fields.Many2one(
        "clinic.charge",
        string="Charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=True,
    )

    def _reconcile_post_hook(self, data):
        result = super()._reconcile_post_hook(data)
        self.move_id._sync_charges()
        return result

    @api.depends("move_id.clinic_patient_id")
    def _compute_clinic_patient_id(self):
        for line in self:
            line.clinic_patient_id = (
                line.move_id.clinic_patient_id or line.clinic_patient_id
            )
