from odoo import api, fields, models


class ClinicMedicalCard(models.Model):
    """The patient's medical page: what holds beyond one visit, in one place.

    A row of its own, because no field may lead from the patient's card to it. It keeps
    nothing itself.
    """

    _name = "clinic.medical.card"
    _description = "Medical record of a patient"
    _inherit = ["clinic.own.patient.mixin"]

    patient_age = fields.Char(string="Age", related="patient_id.age_text")
    patient_sex = fields.Selection(related="patient_id.sex")
    card_number = fields.Char(related="patient_id.card_number")
    alert_ids = fields.One2many(
        "clinic.patient.alert", compute="_compute_lists", string="Alerts"
    )
    problem_ids = fields.One2many(
        "clinic.patient.problem", compute="_compute_lists", string="Problems"
    )
    observation_ids = fields.One2many(
        "clinic.observation", compute="_compute_lists", string="Measurements"
    )
    encounter_ids = fields.One2many(
        "clinic.encounter", compute="_compute_lists", string="Protocols"
    )
    charts = fields.Json(compute="_compute_charts")

    _once = models.UniqueIndex("(patient_id)", "The patient has a medical page.")

    @api.model
    def _get_patient_merge_domain(self, kept):
        """A page keeps nothing itself: one is enough."""
        has_one = self.search_count([("patient_id", "=", kept.id)], limit=1)
        return [("id", "=", 0)] if has_one else []

    def _get_neutral_name(self):
        return self.env._("Medical record %(id)s", id=self.id or "")

    @api.depends("patient_id")
    def _compute_lists(self):
        for card in self:
            own = [("patient_id", "in", card.patient_id._get_aliases().ids)]
            card.alert_ids = self.env["clinic.patient.alert"].search(own)
            card.problem_ids = self.env["clinic.patient.problem"].search(own)
            card.observation_ids = self.env["clinic.observation"].search(own)
            card.encounter_ids = self.env["clinic.encounter"].search(own)

    @api.depends("patient_id")
    def _compute_charts(self):
        for card in self:
            card.charts = self.env["clinic.observation"]._get_charts(card.patient_id)

    @api.model
    @api.private
    def get_for(self, patient):
        """The medical page of ``patient``, made when it is first opened."""
        card = self.search([("patient_id", "=", patient.id)], limit=1)
        return card or self.create({"patient_id": patient.id})

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_copy_record(self):
        """Choose what of the record is handed out; all signed protocols at first."""
        self.ensure_one()
        signed = self.encounter_ids.filtered(lambda one: one.state != "draft")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy of the record"),
            "res_model": "clinic.record.copy",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_patient_id": self.patient_id.id,
                "default_encounter_ids": signed.ids,
            },
        }

    def action_add_alert(self):
        """Open the dialog for a new alert."""
        self.ensure_one()
        return self.env["clinic.patient.alert"]._make_dialog(self.patient_id)
