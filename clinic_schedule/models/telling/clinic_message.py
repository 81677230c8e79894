from odoo import api, fields, models


class ClinicMessage(models.Model):
    """Messages about a visit: its branch, its hour and its words."""

    _inherit = "clinic.message"

    appointment_id = fields.Many2one(
        "clinic.appointment", index="btree_not_null", ondelete="restrict"
    )
    reason = fields.Selection(selection_add=[("changed", "The visit has changed")])

    @api.depends("appointment_id")
    def _compute_company_id(self):
        return super()._compute_company_id()

    def _get_home(self):
        return self.appointment_id.branch_id or super()._get_home()

    @api.model
    def _enqueue(self, purpose, rows):
        """Rows may bring an ``appointment_id``, whose company is the message's."""
        ids = {row.get("appointment_id") for row in rows} - {None}
        companies = {
            visit.id: visit.company_id.id
            for visit in self.env["clinic.appointment"].browse(ids)
        }
        return super()._enqueue(
            purpose,
            [
                row | {"company_id": companies[row["appointment_id"]]}
                if row.get("appointment_id")
                else row
                for row in rows
            ],
        )

    @api.model
    def _get_row_columns(self):
        return [*super()._get_row_columns(), "appointment_id"]

    def _prepare_resend(self):
        visit = self.appointment_id
        return super()._prepare_resend() | {"appointment_id": visit.id or None}

    def _get_usual_values(self, channel):
        values = super()._get_usual_values(channel)
        if visit := self.appointment_id:
            values |= visit._get_message_values(self.purpose)
        return values

    @api.model
    def _get_reply_hint(self):
        """How to answer; see :mod:`..tools.visit_answers`."""
        return self.env._("Or answer this message: 1 = yes, 2 = no.")
