from odoo import fields, models


class ClinicOccupancy(models.Model):
    """Meetings take time as visits do."""

    _inherit = "clinic.occupancy"

    kind = fields.Selection(
        selection_add=[("meeting", "Meeting")], ondelete={"meeting": "cascade"}
    )
    meeting_id = fields.Many2one(
        "clinic.meeting", ondelete="restrict", index="btree_not_null"
    )

    _meeting_known = models.Constraint(
        "CHECK ((kind = 'meeting') = (meeting_id IS NOT NULL))",
        "Time of a meeting belongs to a meeting.",
    )
