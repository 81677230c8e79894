from datetime import timedelta

from odoo import api, fields, models


class ClinicRoomClosure(models.Model):
    """A room that cannot be used for some time: repair, disinfection, an event."""

    _name = "clinic.room.closure"
    _description = "Room closure"
    _inherit = ["clinic.archive.mixin"]
    _order = "start desc, id desc"

    room_id = fields.Many2one("clinic.room", required=True, ondelete="restrict")
    start = fields.Datetime(required=True)
    stop = fields.Datetime(required=True)
    reason = fields.Char(required=True)

    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "A closure must end after it starts."
    )
    _room_time = models.Index("(room_id, stop) WHERE active")

    @api.depends("room_id", "reason")
    def _compute_display_name(self):
        for closure in self:
            closure.display_name = f"{closure.room_id.name}: {closure.reason}"

    @api.model
    def _round_out(self, vals):
        """``vals`` with the whole minutes around the closure, as shifts are written."""
        rounded = dict(vals)
        for name, early in (("start", timedelta()), ("stop", timedelta(seconds=59))):
            if vals.get(name):
                moment = fields.Datetime.to_datetime(vals[name]) + early
                rounded[name] = moment.replace(second=0, microsecond=0)
        return rounded

    @api.model_create_multi
    def create(self, vals_list):
        closures = super().create([self._round_out(vals) for vals in vals_list])
        closures._cut_shifts()
        return closures

    def write(self, vals):
        if not vals.keys() & {"room_id", "start", "stop", "active"}:
            return super().write(vals)
        before = self._get_span()
        result = super().write(self._round_out(vals))
        self._cut_shifts(before)
        return result

    def _get_span(self):
        """Rooms and outer bounds (UTC) that ``self`` touches."""
        return self.room_id, min(self.mapped("start")), max(self.mapped("stop"))

    def _cut_shifts(self, before=None):
        """Rewrite what bookings stand on: the shifts in the room and its resource.

        Visits without a planned room stand on the room's resource row, hence the touch:
        a booking that read the room before this commit fails and is tried again.
        """
        if not self:
            return
        spans = [span for span in (before, self._get_span()) if span]
        rooms = self.env["clinic.room"].union(*(span[0] for span in spans))
        rooms._touch_resources()
        rooms.branch_id._announce_change()
        self.env["clinic.shift"]._recut(
            min(span[1] for span in spans),
            max(span[2] for span in spans),
            rooms=rooms,
        )
