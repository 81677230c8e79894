from odoo import fields, models
from odoo.fields import Domain

from ...tools.states import MOVABLE


class ClinicVisitTiesMixin(models.AbstractModel):
    """Whom patients wait for, or who is waited for: what hangs on it is said before it
    goes to the archive, and ends with it."""

    _name = "clinic.visit.ties.mixin"
    _description = "What hangs on people, places and services"

    # By which field visits, series and wishes point to the model; a wish may have none.
    _ties_field = None
    _ties_wish_field = None

    def _get_tied_to(self):
        """Hook: the records that visits point to."""
        return self

    def _find_ties(self):
        """(coming visits, series that go on, open wishes), as superuser.

        Of the whole network: whoever archives need not see every branch's.
        """
        env = self.sudo().env
        own = Domain(self._ties_field, "in", self._get_tied_to().ids)
        visits = env["clinic.appointment"].search(
            own
            & Domain("state", "in", sorted(MOVABLE))
            & Domain("start", ">", env.cr.now()),
            order="start",
        )
        series = env["clinic.appointment.series"].search(
            own & Domain("state", "in", ("active", "paused"))
        )
        requests = env["clinic.booking.request"]
        if self._ties_wish_field:
            requests = requests.search(
                Domain(self._ties_wish_field, "in", self._get_tied_to().ids)
                & Domain("state", "in", ("open", "offered"))
            )
        return visits, series, requests

    def _get_ties(self):
        visits, series, requests = self._find_ties()
        said = super()._get_ties()
        if visits:
            start = fields.Datetime.context_timestamp(self, visits[0].start)
            said.append(
                self.env._(
                    "Coming visits: %(count)s, the first on %(day)s.",
                    count=len(visits),
                    day=f"{start:%d.%m.%Y %H:%M}",
                )
            )
        if series:
            said.append(self.env._("Standing visits: %(count)s.", count=len(series)))
        if requests:
            said.append(
                self.env._("Wishes and requests: %(count)s.", count=len(requests))
            )
        return said

    def _has_cancellable_ties(self):
        return bool(self._find_ties()[0])

    def _cancel_ties(self):
        """With the caller's own right to cancel; each patient is told."""
        visits, _series, _requests = self._find_ties()
        reason = self.env.ref("clinic_base.cancel_reason_specialist")
        visits.with_env(self.env).cancel(reason.id)

    def _settle_ties(self):
        """No series goes on; visits that stay are the desk's to move."""
        _visits, series, _requests = self._find_ties()
        series._stop_prolonging()
        self.env["clinic.shift"]._wake_after_change()
        return super()._settle_ties()

    def _drop_shifts(self, domain):
        """Take away the hours that are still to come."""
        # The right to archive is checked; hours hang on what is archived.
        env = self.sudo().env
        patterns = env["clinic.shift.pattern"].search(domain)
        if patterns:
            patterns.archive_with_reason(self.env._("Archived with what it is of"))
        coming = Domain(domain) & Domain("start", ">", env.cr.now())
        env["clinic.shift"].search(coming).write({"active": False})
