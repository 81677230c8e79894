from odoo import api, fields, models


class ClinicPatientProblem(models.Model):
    """A diagnosis across visits: one row per patient and code, open or closed."""

    _name = "clinic.patient.problem"
    _description = "Problem of a patient"
    _inherit = ["clinic.own.patient.mixin"]
    _order = "state desc, last_on desc, id desc"

    icd10_id = fields.Many2one(
        "clinic.icd10", string="ICD-10", required=True, readonly=True, index=True
    )
    certainty = fields.Selection(
        [("preliminary", "Preliminary"), ("final", "Final")], readonly=True
    )
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        required=True,
        default="open",
        readonly=True,
    )
    first_on = fields.Date(string="First seen", readonly=True)
    last_on = fields.Date(string="Last seen", readonly=True)
    closed_on = fields.Date(readonly=True)

    _once = models.UniqueIndex(
        "(patient_id, icd10_id)", "This problem is on the patient's list already."
    )

    @api.model
    def _get_patient_merge_domain(self, kept):
        """A problem that the kept card has as well is enough once."""
        listed = self.with_context(active_test=False).search(
            [("patient_id", "=", kept.id)]
        )
        return [("icd10_id", "not in", listed.icd10_id.ids)]

    def _get_neutral_name(self):
        return self.env._("Problem %(id)s", id=self.id or "")

    def action_close(self):
        """The problem is over; the row stays."""
        today = fields.Date.context_today(self, self.env.cr.now())
        return self.write({"state": "closed", "closed_on": today})

    def action_reopen(self):
        """The problem is there again."""
        return self.write({"state": "open", "closed_on": False})

    @api.model
    def _note(self, encounter):
        """Carry the diagnoses of a signed ``encounter`` into the patient's list."""
        known = self.with_context(active_test=False).search(
            [
                ("patient_id", "=", encounter.patient_id.id),
                ("icd10_id", "in", encounter.diagnosis_ids.icd10_id.ids),
            ]
        )
        known = {problem.icd10_id: problem for problem in known}
        day = fields.Date.context_today(self, encounter.date)
        for diagnosis in encounter.diagnosis_ids:
            vals = {
                "certainty": diagnosis.certainty,
                "state": "open",
                "closed_on": False,
                "last_on": day,
            }
            if problem := known.get(diagnosis.icd10_id):
                problem.write(vals)
            else:
                known[diagnosis.icd10_id] = self.create(
                    {
                        **vals,
                        "patient_id": encounter.patient_id.id,
                        "icd10_id": diagnosis.icd10_id.id,
                        "first_on": day,
                    }
                )
