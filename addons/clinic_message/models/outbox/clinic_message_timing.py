from datetime import timedelta

from odoo import models

# What could not be sent for so long is no news any more.
LONGEST_WAIT = timedelta(days=3)


class ClinicMessage(models.Model):
    """When a message may go out, and when it is better not sent at all."""

    _inherit = "clinic.message"

    def _get_branch(self):
        """The branch whose clock and sender hold; of the company, if of no other."""
        return self._get_home() or self.env["clinic.branch"].search(
            [("company_id", "=", self.company_id.id)], order="id", limit=1
        )

    def _get_drop_reason(self, now):
        """Hook: why the message is stale at ``now`` (naive UTC); None if it is not."""
        # Whoever is written to about somebody who has left would be a family in grief.
        if self.patient_id and not self.patient_id._is_addressed():
            return "departed"
        return "late" if self.create_date < now - LONGEST_WAIT else None

    def _get_quiet_end(self, now):
        """Hook: until when the message has to wait (naive UTC), because people sleep.

        None if it goes out at once.
        """
        branch = self._get_branch()
        return branch._get_quiet_until()(now) if branch else None
