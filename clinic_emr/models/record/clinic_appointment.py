from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.clinic_base.tools.walltime import to_wall
from odoo.addons.clinic_schedule.models.engine.clinic_appointment_rights import (
    DESK_GROUPS,
)


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

    def action_arrive(self):
        """
        :raises UserError: if a specialist notes an arrival for another day; who of the
            desk sees the patient may
        """
        self._check_arrival_day()
        return super().action_arrive()

    def cancel(self, reason_id):
        """
        :raises UserError: for a visit whose patient has come, if a specialist booked it
            for themselves: it opened the patient's record
        """
        if not self._works_at_desk() and self.filtered(
            lambda visit: (
                visit.state == "arrived" and visit.placed_by_id == self.env.user
            )
        ):
            raise UserError(
                self.env._("The patient has come. Have the desk cancel the visit.")
            )
        return super().cancel(reason_id)

    @api.model
    def _works_at_desk(self):
        return self.env.su or any(map(self.env.user.has_group, DESK_GROUPS))

    def _check_arrival_day(self):
        if self._works_at_desk():
            return
        now = self.env.cr.now()
        for visit in self:
            zone = visit.branch_id.tz
            day = to_wall(visit.start, zone).date()
            if day != to_wall(now, zone).date():
                raise UserError(
                    self.env._(
                        "The visit is on %(day)s. If the patient is here now, have the"
                        " desk note the arrival or move the visit.",
                        day=format_date(self.env, day),
                    )
                )

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
