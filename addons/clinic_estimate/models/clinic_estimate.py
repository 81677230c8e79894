import json

from odoo import api, fields, models

from odoo.addons.clinic_base.fields import get_keyring


class ClinicEstimate(models.Model):
    """What somebody is going to get: services and quantities, and nothing medical.

    The desk edits it. Treatment plans point here, nothing leads from here to them. It
    is accepted as it stands: whoever changes it afterwards has it accepted anew.
    """

    _name = "clinic.estimate"
    _description = "Estimate"
    _inherit = ["clinic.archive.mixin"]
    _order = "date desc, id desc"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    branch_id = fields.Many2one("clinic.branch", ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("clinic.estimate.line", "estimate_id", string="Services")
    acceptance_ids = fields.One2many(
        "clinic.estimate.acceptance", "estimate_id", readonly=True
    )
    state = fields.Selection(
        [
            ("draft", "Not accepted"),
            ("accepted", "Accepted"),
            ("changed", "Changed after acceptance"),
        ],
        compute="_compute_state",
        store=True,
    )
    accepted_on = fields.Datetime(compute="_compute_state", store=True)

    @api.depends("branch_id")
    def _compute_company_id(self):
        for estimate in self:
            estimate.company_id = estimate.branch_id.company_id or self.env.company

    @api.depends(lambda self: (*self._get_content_paths(), "acceptance_ids"))
    def _compute_state(self):
        for estimate in self:
            last = estimate.acceptance_ids.sorted("id")[-1:]
            estimate.accepted_on = last.create_date
            estimate.state = "draft"
            if last:
                same = last.content == estimate._get_content()
                estimate.state = "accepted" if same else "changed"

    @api.depends("patient_id")
    def _compute_display_name(self):
        for estimate in self:
            estimate.display_name = self.env._("Estimate %(id)s", id=estimate.id or "")

    @api.model
    def _get_content_paths(self):
        """Hook: what acceptance hangs on."""
        return (
            "line_ids.active",
            "line_ids.stage",
            "line_ids.service_id",
            "line_ids.quantity",
        )

    def _get_content(self):
        """What is accepted, as JSON values."""
        self.ensure_one()
        lines = self.line_ids.filtered("active").sorted(lambda line: line._origin.id)
        return [line._get_content() for line in lines]

    def _get_content_hash(self, content, name, signature):
        """Keyed hash of what was accepted and of the signature under it."""
        text = json.dumps(
            [self.id, self.patient_id.id, content, name, signature], ensure_ascii=False
        )
        return get_keyring(self.env).sign(text.encode(), "accepted estimate")

    def action_accept(self):
        """Open the dialog in which the patient signs."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Acceptance"),
            "res_model": "clinic.estimate.acceptance",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_estimate_id": self.id,
                "default_name": self.patient_id.name,
            },
        }
