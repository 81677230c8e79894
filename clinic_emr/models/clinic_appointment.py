from odoo import api, models
from odoo.exceptions import UserError


class ClinicAppointment(models.Model):
    """No field leads from the visit to its protocol, only this action."""

    _inherit = "clinic.appointment"

    def action_open_encounter(self):
        """Open the protocol of the visit; medical staff only."""
        self.ensure_one()
        encounter = self.env["clinic.encounter"].open_for(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.encounter",
            "res_id": encounter.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_day_buttons(self):
        """The protocol, from the specialist's own day."""
        buttons = super()._get_day_buttons()
        if self.env.user.has_group("clinic_base.group_medical"):
            button = {
                "method": "action_open_encounter",
                "label": self.env._("Protocol"),
                "icon": "fa-file-text-o",
            }
            buttons = [button, *buttons]
        return buttons

    def action_done(self):
        """A specialist ends a visit by signing; the desk, which knows of no protocol,
        ends it as ever.

        :raises UserError: while the user's own protocol of the visit is a draft
        """
        encounters = self.env["clinic.encounter"]
        if not self.env.su and encounters.has_access("read"):
            drafts = [("appointment_id", "in", self.ids), ("state", "=", "draft")]
            if encounters.search_count(drafts, limit=1):
                raise UserError(
                    self.env._(
                        "The protocol of this visit is not signed. Sign it: the visit"
                        " ends by itself then. Nothing that you wrote is lost."
                    )
                )
        return super().action_done()
