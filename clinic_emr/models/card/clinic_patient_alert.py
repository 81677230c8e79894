from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.clinic_base.fields import EncryptedText


class ClinicPatientAlert(models.Model):
    """What everybody who treats the patient has to know before anything else."""

    _name = "clinic.patient.alert"
    _description = "Medical alert"
    _inherit = ["clinic.own.patient.mixin"]
    _order = "severity desc, kind, id"

    patient_id = fields.Many2one(readonly=False)
    kind = fields.Selection(
        [
            ("allergy", "Allergy"),
            ("intolerance", "Intolerance"),
            ("chronic", "Chronic condition"),
            ("alert", "Alert"),
        ],
        required=True,
        default="allergy",
    )
    severity = fields.Selection(
        [("1_low", "For information"), ("2_medium", "Important"), ("3_high", "Danger")],
        required=True,
        default="2_medium",
    )
    text = EncryptedText(string="What", required=True)
    reaction = EncryptedText(string="Reaction or details")
    date_from = fields.Date(string="Since")
    date_to = fields.Date(string="Until", help="Not shown after this day.")

    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "The last day lies before the first one."
    )

    def _get_neutral_name(self):
        return self.env._("Alert %(id)s", id=self.id or "")

    @api.model
    def _get_current(self, patients):
        """Alerts of ``patients`` that hold today."""
        today = fields.Date.context_today(self, self.env.cr.now())
        started = Domain("date_from", "=", False) | Domain("date_from", "<=", today)
        lasting = Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        own = Domain("patient_id", "in", patients.ids)
        return self.search(own & started & lasting)

    @api.model
    def _make_dialog(self, patient):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New alert"),
            "res_model": "clinic.patient.alert",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_patient_id": patient.id},
        }

    def _prepare_card(self):
        """The alert as the top of a protocol shows it."""
        labels = self._fields["kind"]._description_selection(self.env)
        return {
            "id": self.id,
            "kind": self.kind,
            "kind_label": dict(labels)[self.kind],
            "severity": self.severity,
            "text": self.text or "",
            "reaction": self.reaction or "",
        }
