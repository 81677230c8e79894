from odoo import api, fields, models
from odoo.tools import format_date, groupby

from ..tools.board import Piece


class ReportClinicScheduleReportDaySheet(models.AbstractModel):
    """The day of a branch on paper: one list per specialist."""

    _name = "report.clinic_schedule.report_day_sheet"
    _description = "Day sheet"

    @api.model
    def _get_report_values(self, docids, data=None):
        """``data``: ``branch_id`` and ``day`` ('YYYY-MM-DD', branch time)."""
        criteria = {key: (data or {}).get(key) for key in ("branch_id", "day")}
        board = self.env["clinic.appointment"].get_board(criteria)
        visits = sorted(
            (visit for visit in board["visits"] if visit["state"] != "hold"),
            key=lambda visit: (
                board["specialists"][visit["specialist_id"]],
                visit["specialist_id"],
                visit["start"],
            ),
        )
        return {
            "branch": self.env["clinic.branch"].browse(criteria["branch_id"]),
            "day": format_date(self.env, criteria["day"], date_format="EEEE, d MMMM y"),
            "printed": fields.Datetime.now(),
            "specialists": [
                {
                    "name": board["specialists"][specialist_id],
                    "visits": [self._describe(visit, board) for visit in group],
                }
                for specialist_id, group in groupby(
                    visits, key=lambda visit: visit["specialist_id"]
                )
            ],
        }

    @api.model
    def _describe(self, visit, board):
        piece = Piece(*visit["pieces"][0])
        rooms = {room["id"]: room["name"] for room in board["rooms"]}
        return {
            "start": "{:02}:{:02}".format(*divmod(piece.minute_from, 60)),
            "stop": "{:02}:{:02}".format(*divmod(piece.minute_to, 60)),
            "patient": board["patients"].get(visit["patient_id"], ""),
            "service": board["services"].get(visit["service_id"], ""),
            "room": rooms.get(visit["room_id"], ""),
            "is_first": "first" in visit["marks"],
        }
