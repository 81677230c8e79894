from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedText


class ClinicOrder(models.Model):
    """One ordered service: a procedure or a test, with its result."""

    _name = "clinic.order"
    _description = "Order"
    _inherit = ["clinic.requested.item.mixin"]
    _order = "encounter_id desc, id"

    _request_origin = "order"
    _issued_state = "ordered"
    _open_after_signing = frozenset(
        {"cancel_text", "result", "observation_ids", "specimen", "external_id"}
    )

    group_key = fields.Char(
        index=True, readonly=True, help="Shared by what was ordered together."
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    also_service_ids = fields.Many2many(
        "product.product",
        string="Also",
        compute="_compute_also_service_ids",
        inverse="_inverse_also_service_ids",
        domain=[("is_clinic_service", "=", True)],
        help="More services ordered in one go; each becomes an order of its own.",
    )
    due = fields.Date(string="By")
    executor = fields.Many2one("clinic.specialist", ondelete="restrict")
    needs_visit = fields.Boolean(
        string="Book a visit", default=True, help="The desk gets a booking request."
    )
    specimen = EncryptedText()
    note = EncryptedText(string="Instructions")
    external_id = fields.Char(
        string="Number in the laboratory", readonly=True, copy=False
    )
    state = fields.Selection(
        selection_add=[
            ("draft",),
            ("ordered", "Ordered"),
            ("in_progress", "In progress"),
            ("done", "Done"),
            ("cancelled",),
        ],
        # An order is never just "in force".
        ondelete={
            "ordered": "set default",
            "in_progress": "set default",
            "done": "set default",
        },
    )
    result = EncryptedText()
    observation_ids = fields.One2many(
        "clinic.observation", "order_id", string="Measured"
    )
    done_on = fields.Datetime(readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    def _get_neutral_name(self):
        return self.env._("Order %(id)s", id=self.id or "")

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for order in orders.filtered(lambda order: not order.group_key):
            order.group_key = f"E{order.encounter_id.id}"
        return orders

    def write(self, vals):
        written = {"result", "specimen", "external_id"} & vals.keys()
        if written and any(order.state in ("done", "cancelled") for order in self):
            self._raise_closed()
        return super().write(vals)

    # === SEVERAL AT ONCE === #

    def _compute_also_service_ids(self):
        self.also_service_ids = False

    def _inverse_also_service_ids(self):
        for order in self:
            more = order.also_service_ids - order.service_id
            self.create(
                [{**order._prepare_alike(), "service_id": one.id} for one in more]
            )

    def _prepare_alike(self):
        return {
            "encounter_id": self.encounter_id.id,
            "group_key": self.group_key,
            "due": self.due,
            "executor": self.executor.id,
            "needs_visit": self.needs_visit,
            "specimen": self.specimen,
            "note": self.note,
        }

    # === SIGNING === #

    def _prepare_request_vals(self):
        if not self.needs_visit:
            return {}
        return {
            "service_id": self.service_id.id,
            "specialist_ids": self.executor.ids,
            "due_to": self.due,
        }

    def _get_signed_content(self):
        return {
            **super()._get_signed_content(),
            "service": self.service_id.id,
            "due": str(self.due or ""),
            "executor": self.executor.id,
            "note": self.note or "",
        }

    # === CARRYING OUT === #

    def action_start(self):
        """Somebody has begun, or the specimen is taken."""
        self._check_in_force("ordered")
        self._as_signing().write({"state": "in_progress"})

    def action_open_result(self):
        """Open the dialog for the result."""
        self.ensure_one()
        view = self.env.ref("clinic_emr.clinic_order_view_result")
        return self._make_dialog(
            self.service_id.name, res_id=self.id, views=[(view.id, "form")]
        )

    def action_done(self):
        """The order is carried out; who still waits to be booked for it need not come.

        :raises UserError: if one of ``self`` is not in force
        """
        self._check_in_force("ordered", "in_progress")
        self._as_signing().write(
            {
                "state": "done",
                "done_on": self.env.cr.now(),
                "done_by_id": self.env.uid,
            }
        )
        self._close_request()
        return {"type": "ir.actions.act_window_close"}

    def _check_in_force(self, *states):
        self.check_access("write")
        if any(order.state not in states for order in self):
            self._raise_closed()

    def _raise_closed(self):
        raise UserError(
            self.env._("Only an order in force is carried out, and only once.")
        )
