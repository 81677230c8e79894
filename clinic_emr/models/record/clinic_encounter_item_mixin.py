from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.signing import SIGNING


class ClinicEncounterItemMixin(models.AbstractModel):
    """What a specialist decides in a visit: a prescription, a referral, an order.

    It is written with the draft, comes into force by signing and is cancelled with a
    reason. Whoever receives the patient sees it.
    """

    _name = "clinic.encounter.item.mixin"
    _description = "Decision of a visit"
    _inherit = ["clinic.own.patient.mixin"]

    # The state that signing gives.
    _issued_state = "issued"
    # Written by actions alone.
    _signing_fields = frozenset(
        {"state", "cancel_reason", "request_id", "done_on", "done_by_id", "estimate_id"}
    )
    # What may still be written once the protocol is signed.
    _open_after_signing = frozenset({"cancel_text"})

    encounter_id = fields.Many2one(
        "clinic.encounter", required=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(
        related="encounter_id.patient_id", store=True, index=True, required=False
    )
    # Kept here too: colleagues read the decision without the protocol.
    specialist_id = fields.Many2one(related="encounter_id.specialist_id", store=True)
    branch_id = fields.Many2one(related="encounter_id.branch_id", store=True)
    date = fields.Datetime(related="encounter_id.date", store=True)
    state = fields.Selection(
        [("draft", "Draft"), ("issued", "In force"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    cancel_reason = EncryptedText(string="Why cancelled", readonly=True)
    cancel_text = fields.Text(
        string="Reason",
        compute="_compute_cancel_text",
        inverse="_inverse_cancel_text",
        help="Writing it cancels the record.",
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if any(self._signing_fields & vals.keys() for vals in vals_list):
            self._check_signing()
        items = super().create(vals_list)
        items.encounter_id.check_access("write")
        items.encounter_id._check_unsigned()
        return items

    def write(self, vals):
        if self._signing_fields & vals.keys():
            self._check_signing()
        if not self._is_signing() and vals.keys() - self._open_after_signing:
            # Reading a colleague's draft gives no right to change it.
            self.encounter_id.check_access("write")
            self.encounter_id._check_unsigned()
        result = super().write(vals)
        if "encounter_id" in vals:
            self.encounter_id.check_access("write")
            self.encounter_id._check_unsigned()
        return result

    def _is_signing(self):
        return self.env.context.get("clinic_signing") is SIGNING

    def _check_signing(self):
        if not self._is_signing():
            raise UserError(self.env._("The state is moved by its own actions."))

    def _as_signing(self):
        return self.with_context(clinic_signing=SIGNING)

    # === STATES === #

    def _check_ready(self):
        """Hook before signing; raises UserError saying what is missing."""

    def _issue(self):
        """Called once, when the protocol is signed."""
        self._as_signing().write({"state": self._issued_state})

    def _get_signed_content(self):
        """What the signature covers, as JSON values; extended by each model."""
        self.ensure_one()
        return {"model": self._name}

    @api.depends("cancel_reason")
    def _compute_cancel_text(self):
        for item in self:
            item.cancel_text = item.cancel_reason

    def _inverse_cancel_text(self):
        for item in self.filtered("cancel_text"):
            item._cancel(item.cancel_text)

    def _cancel(self, reason):
        """Withdraw what is in force; only its author and the chief physician may.

        :raises UserError: if it is not in force
        """
        self.ensure_one()
        chief = self.env.user.has_group("clinic_base.group_medical_chief")
        if not chief and self.specialist_id.user_id != self.env.user:
            raise AccessError(
                self.env._("Only who decided it, or the chief physician, cancels it.")
            )
        if self.state in ("draft", "done", "cancelled"):
            raise UserError(self.env._("Only what is in force can be cancelled."))
        self._as_signing().write({"state": "cancelled", "cancel_reason": reason})

    # === ACTIONS === #

    def action_edit(self):
        """Open the row of a draft in a dialog."""
        return self._make_dialog(self._description_of(), res_id=self.id)

    def action_remove(self):
        """Take the row off the draft; it stays in the archive."""
        return self.archive_with_reason(self.env._("Removed from the draft"))

    def action_cancel(self):
        """Open the dialog that asks why."""
        return self._make_dialog(
            self.env._("Cancel"),
            res_id=self.id,
            views=[(self._get_cancel_view().id, "form")],
        )

    def _get_cancel_view(self):
        suffix = f"{self._table}_view_cancel"
        return self.env.ref(f"{self._original_module}.{suffix}")

    def _description_of(self):
        return self.env["ir.model"]._get(self._name).sudo().name

    @api.model
    def _make_dialog(self, name, **values):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            **values,
        }
