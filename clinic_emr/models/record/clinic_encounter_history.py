from odoo import api, fields, models
from odoo.fields import Command

from .clinic_encounter import NARRATIVE

# What an earlier visit may tell again: complaints and findings are of the day, but a
# specialist who sees a patient every week changes a few words of them.
COPIED = NARRATIVE


class ClinicEncounter(models.Model):
    """What stands around the protocol: alerts, the visit before, the medical page."""

    _inherit = "clinic.encounter"

    alerts = fields.Json(compute="_compute_alerts")

    @api.depends("patient_id")
    @api.depends_context("lang")
    def _compute_alerts(self):
        found = self.env["clinic.patient.alert"]._get_current(self.patient_id)
        by_patient = found.grouped("patient_id")
        for encounter in self:
            own = by_patient.get(encounter.patient_id, found.browse())
            encounter.alerts = [alert._prepare_card() for alert in own]

    def action_add_alert(self):
        """Open the dialog for a new alert of the patient."""
        self.ensure_one()
        return self.env["clinic.patient.alert"]._make_dialog(self.patient_id)

    def action_open_card(self):
        """The patient's medical page."""
        self.ensure_one()
        return self.env["clinic.medical.card"].get_for(self.patient_id)._open()

    def action_copy_last(self):
        """Fill what is empty from the patient's last protocol.

        Text that stands there already stays; the message names it.
        """
        self.ensure_one()
        self._check_unsigned()
        last = self._get_last()
        if not last:
            return self._notify(self.env._("There is no earlier protocol to copy."))
        vals = {name: last[name] for name in COPIED if last[name] and not self[name]}
        kept = [name for name in COPIED if last[name] and self[name]]
        if last.diagnosis_ids and not self.diagnosis_ids:
            vals["diagnosis_ids"] = [
                Command.create(
                    {
                        "icd10_id": line.icd10_id.id,
                        "kind": line.kind,
                        "certainty": line.certainty,
                    }
                )
                for line in last.diagnosis_ids
                if line.icd10_id.active
            ]
        if not self.answers and last.template_version_id == self.template_version_id:
            vals["answers"] = last.answers
        self.write(vals)
        return self._notify(self._describe_copy(last, kept))

    def _get_last(self):
        earlier = [
            ("patient_id", "in", self.patient_id._get_aliases().ids),
            ("id", "!=", self.id),
            ("date", "<=", self.date),
        ]
        return self.search(earlier, limit=1)

    def _describe_copy(self, last, kept):
        day = fields.Date.to_string(fields.Date.context_today(self, last.date))
        if not kept:
            return self.env._("Copied from the visit of %(day)s.", day=day)
        labels = [self._fields[name]._description_string(self.env) for name in kept]
        return self.env._(
            "Copied from the visit of %(day)s. Your own text was kept: %(fields)s.",
            day=day,
            fields=", ".join(labels),
        )

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
