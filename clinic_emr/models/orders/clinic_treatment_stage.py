from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedText


class ClinicTreatmentStage(models.Model):
    """One stage of a treatment plan; its services are the estimate's of its number."""

    _name = "clinic.treatment.stage"
    _description = "Stage of a treatment plan"
    _inherit = ["clinic.requested.item.mixin", "clinic.bounds.mixin"]
    _order = "plan_id, number, id"

    _request_origin = "plan"

    plan_id = fields.Many2one(
        "clinic.treatment.plan", required=True, index=True, ondelete="restrict"
    )
    encounter_id = fields.Many2one(
        related="plan_id.encounter_id", store=True, precompute=True, required=False
    )
    number = fields.Integer(string="No.", default=1, required=True)
    goal = EncryptedText(string="What for")
    due = fields.Date(string="By")
    services = fields.Char(compute="_compute_services", help="Done of planned.")
    progress = fields.Float(compute="_compute_services", help="Per cent.")

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "number": (0, 999),
        }

    def _get_neutral_name(self):
        return self.env._("Stage %(id)s", id=self.id or "")

    def _get_lines(self):
        return self.plan_id.estimate_id.line_ids.filtered(
            lambda line: line.stage == self.number
        )

    @api.depends("number", "plan_id.estimate_id.line_ids.quantity")
    def _compute_services(self):
        for plan, stages in self.grouped("plan_id").items():
            done = plan._get_done_by_line() if plan.id else {}
            for stage in stages:
                lines = stage._get_lines()
                stage.services = ", ".join(
                    f"{line.service_id.name} {done.get(line, 0):g}/{line.quantity:g}"
                    for line in lines
                )
                wanted = sum(lines.mapped("quantity"))
                counted = sum(done.get(line, 0) for line in lines)
                stage.progress = 100 * counted / wanted if wanted else 0

    def _check_ready(self):
        for stage in self:
            if not stage._get_lines():
                raise UserError(
                    self.env._(
                        "Stage %(number)s of the plan has no services.",
                        number=stage.number,
                    )
                )

    def _prepare_request_vals(self):
        return {"service_id": self._get_lines()[:1].service_id.id, "due_to": self.due}
