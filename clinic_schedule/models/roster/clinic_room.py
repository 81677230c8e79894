from collections import defaultdict

from odoo import models

from odoo.addons.clinic_base.tools.spans import Span


class ClinicRoom(models.Model):
    _inherit = "clinic.room"

    def _get_closures(self, start, stop) -> dict[int, list[Span]]:
        """{room id: spans} of closures between two moments (UTC)."""
        found = defaultdict(list)
        for closure in self.env["clinic.room.closure"].search(
            [("room_id", "in", self.ids), ("start", "<", stop), ("stop", ">", start)]
        ):
            found[closure.room_id.id].append((closure.start, closure.stop))
        return found

    def write(self, vals):
        result = super().write(vals)
        if "readiness" in vals:
            self.branch_id._announce_change()
        return result

    def _touch_resources(self):
        """Rewrite the rows that visits without a planned room stand on."""
        self.flush_recordset()
        self.env.cr.execute(
            "UPDATE resource_resource SET write_date = %s WHERE id = ANY(%s)",
            [self.env.cr.now(), self.resource_id.ids],
        )
        self.resource_id.invalidate_recordset(["write_date"])
