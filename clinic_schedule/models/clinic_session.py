from odoo import api, fields, models


class ClinicSession(models.Model):
    """A group visit: one stretch of time with numbered places.

    A single visit is a session of its own without a row here: it takes a number of the
    same sequence (:meth:`_next_numbers`).
    """

    _name = "clinic.session"
    _description = "Group session"
    _inherit = ["clinic.archive.mixin"]
    _order = "start, id"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_clinic_service", "=", True)],
    )
    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    room_id = fields.Many2one("clinic.room", ondelete="restrict")
    start = fields.Datetime(required=True, index=True)
    stop = fields.Datetime(required=True)
    capacity = fields.Integer(required=True, default=8)
    appointment_ids = fields.One2many("clinic.appointment", "group_session_id")

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A session must end after it starts."
    )
    _capacity_positive = models.Constraint(
        "CHECK (capacity > 0)", "A session has at least one place."
    )

    @api.depends("service_id", "start")
    def _compute_display_name(self):
        for session in self:
            session.display_name = self.env._("Session %(id)s", id=session.id)

    @api.model
    def _next_numbers(self, count):
        """``count`` fresh session numbers."""
        self.env.cr.execute(
            "SELECT nextval('clinic_session_id_seq') FROM generate_series(1, %s)",
            [count],
        )
        return [number for (number,) in self.env.cr.fetchall()]
