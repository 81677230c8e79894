from odoo import api, models
from odoo.exceptions import AccessError

BATCH = 100


class ClinicAppointment(models.Model):
    """Holds that are given back or have run out."""

    _inherit = "clinic.appointment"

    def release(self):
        """Give the user's own holds back; what is no hold any more is left alone.

        :raises AccessError: if somebody else holds the time
        """
        self.check_access("write")
        holds = self.filtered(lambda visit: visit.state == "hold")
        if holds.filtered(lambda hold: hold.create_uid != self.env.user):
            raise AccessError(self.env._("Somebody else holds this time."))
        # Own holds, as checked just above; only the engine writes states.
        holds = holds.sudo().try_lock_for_update()
        return bool(holds) and holds._move_state("expired")

    @api.model
    def _get_expired_domain(self):
        """Holds past their end by the database's clock."""
        return [("state", "=", "hold"), ("expires_at", "<=", self.env.cr.now())]

    @api.model
    def _expire_holds(self, domain, limit=None):
        """Free the time of expired holds within ``domain``; returns how many."""
        holds = self.search(self._get_expired_domain() + domain, limit=limit)
        # A hold that somebody is turning into a visit right now is left to them.
        holds = holds.try_lock_for_update().filtered_domain(self._get_expired_domain())
        if holds:
            holds._move_state("expired")
        return len(holds)

    @api.model
    def _cron_expire_holds(self):
        """Tidy up; searches ignore expired holds and bookings drop them anyway."""
        cron = self.env["ir.cron"]
        domain = self._get_expired_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        while count := self._expire_holds([], limit=BATCH):
            if not cron._commit_progress(count):
                break
