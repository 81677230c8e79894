from collections import defaultdict

from odoo import models

BOARD_CHANNEL = "clinic_board"


class ClinicBranch(models.Model):
    """Tells open boards that something of a branch has changed."""

    _inherit = "clinic.branch"

    def action_open_hall_screens(self):
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_schedule.clinic_hall_screen_action"
        )
        return {
            **action,
            "domain": [("branch_id", "in", self.ids)],
            "context": {"default_branch_id": self[:1].id},
        }

    def _announce_change(self, days=(), visit_ids=()):
        """Note a change for the boards that show ``self``; sent when it is committed.

        The message says where, when and which, never what: each client reads again
        with its own rights.

        :param days: dates in branch time that changed; none means any day
        :param visit_ids: the visits that changed; none means all the rest of the board
        """
        if not self:
            return
        data = self.env.cr.postcommit.data
        if "clinic.board" not in data:
            data["clinic.board"] = defaultdict(lambda: (set(), set()))
            self.env.cr.postcommit.add(self.browse()._send_changes)
        for branch in self:
            known_days, known_ids = data["clinic.board"][branch.id, bool(visit_ids)]
            known_days.update(map(str, days))
            known_ids.update(visit_ids)

    def _send_changes(self):
        """Send what was noted, in a transaction of its own behind the change.

        Booking is not slowed down by it, and whoever hears of a change can read it.
        """
        changes = self.env.cr.postcommit.data.pop("clinic.board")
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT txid_current()")
            (version,) = cr.fetchone()
            # Nobody sends to boards by hand; the ids are those of a committed change.
            bus = self.with_env(self.env(cr=cr, su=True)).env["bus.bus"]
            for (branch_id, _about_visits), (days, visit_ids) in changes.items():
                bus._sendone(
                    (bus.env["clinic.branch"].browse(branch_id), BOARD_CHANNEL),
                    "clinic_schedule.board_changed",
                    {
                        "branch_id": branch_id,
                        "days": sorted(days),
                        "visit_ids": sorted(visit_ids),
                        "version": version,
                    },
                )
