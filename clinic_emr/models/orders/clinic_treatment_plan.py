from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.progress import allocate


class ClinicTreatmentPlan(models.Model):
    """Where the treatment goes and by which stages.

    What is done and what it takes stands in the estimate, which the desk sees; why
    stands here.
    """

    _name = "clinic.treatment.plan"
    _description = "Treatment plan"
    _inherit = ["clinic.encounter.item.mixin"]
    _order = "encounter_id desc, id desc"

    goal = EncryptedText()
    reasons = EncryptedText(string="Why so")
    stage_ids = fields.One2many("clinic.treatment.stage", "plan_id", string="Stages")
    estimate_id = fields.Many2one(
        "clinic.estimate", readonly=True, copy=False, ondelete="restrict"
    )
    estimate_line_ids = fields.One2many(
        related="estimate_id.line_ids", string="Services", readonly=False
    )
    estimate_state = fields.Selection(
        string="Acceptance", related="estimate_id.state", related_sudo=False
    )
    progress = fields.Float(compute="_compute_progress", help="Per cent.")

    _once = models.UniqueIndex(
        "(encounter_id) WHERE active AND state <> 'cancelled'",
        "The protocol has a treatment plan already.",
    )

    def _get_neutral_name(self):
        return self.env._("Treatment plan %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        plans = super().create(vals_list)
        for plan in plans:
            estimate = self.env["clinic.estimate"].create(
                {"patient_id": plan.patient_id.id, "branch_id": plan.branch_id.id}
            )
            plan._as_signing().estimate_id = estimate
        return plans

    def write(self, vals):
        # Services are the estimate's, which stays open when the protocol is signed.
        lines = vals.get("estimate_line_ids")
        vals = {k: v for k, v in vals.items() if k != "estimate_line_ids"}
        if lines:
            self.estimate_id.write({"line_ids": lines})
        return super().write(vals) if vals else True

    # === PROGRESS === #

    @api.depends("estimate_id.line_ids.quantity", "stage_ids")
    def _compute_progress(self):
        for plan in self:
            wanted = sum(line.quantity for line in plan.estimate_id.line_ids)
            done = sum(plan._get_done_by_line().values())
            plan.progress = 100 * done / wanted if wanted else 0

    def _get_done_by_line(self):
        """``{line of the estimate: times done}``: visits held and orders carried out,
        counted to the stages in their order."""
        self.ensure_one()
        lines = self.estimate_id.line_ids
        wanted = [(line.stage, line.service_id.id, line.quantity) for line in lines]
        counted = allocate(wanted, self._count_done(lines.service_id))
        return dict(zip(lines, counted, strict=True))

    def _count_done(self, services):
        """``{service id: times}`` since the plan was made."""
        own = [
            ("patient_id", "=", self.patient_id.id),
            ("service_id", "in", services.ids),
        ]
        # Sudo: who reads the plan of a patient learns how many of its visits were
        # held, whoever gave them.
        visits = self.env["clinic.appointment"].sudo()
        held = visits._read_group(
            [*own, ("state", "=", "done"), ("start", ">=", self.date)],
            ["service_id"],
            ["__count"],
        )
        done = {service.id: count for service, count in held}
        orders = self.env["clinic.order"].search(
            [*own, ("state", "=", "done"), ("date", ">=", self.date)]
        )
        for order in orders:
            # Those that were booked are counted as visits.
            if not order.request_id.appointment_id:
                service = order.service_id.id
                done[service] = done.get(service, 0) + 1
        return done

    # === STATES === #

    def _check_ready(self):
        for plan in self:
            if not (plan.goal or "").strip() or not plan.stage_ids:
                raise UserError(
                    self.env._(
                        "Give the treatment plan a goal and a stage, or remove it."
                    )
                )
        self.stage_ids._check_ready()

    def _issue(self):
        result = super()._issue()
        self.stage_ids._issue()
        return result

    def _cancel(self, reason):
        result = super()._cancel(reason)
        for stage in self.stage_ids.filtered(lambda stage: stage.state == "issued"):
            stage._cancel(reason)
        return result

    def _get_signed_content(self):
        return {
            **super()._get_signed_content(),
            "goal": self.goal or "",
            "reasons": self.reasons or "",
            "stages": [
                [stage.number, stage.goal or "", str(stage.due or "")]
                for stage in self.stage_ids.sorted("id")
            ],
        }

    def action_accept(self):
        """Open the dialog in which the patient signs the estimate."""
        return self.estimate_id.action_accept()

    def action_open(self):
        """The plan on a page of its own."""
        self.ensure_one()
        return self._make_dialog(
            self._description_of(), res_id=self.id, target="current"
        )
