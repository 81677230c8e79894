from datetime import timedelta

from odoo import api, fields, models

from ..tools.ics import Entry, get_calendar

SHOWN_STATES = ("booked", "confirmed", "arrived", "in_progress", "done")
DAYS_BACK = timedelta(days=30)


class ClinicCalendarFeed(models.Model):
    """The secret address under which a specialist's telephone reads the own visits.

    It is shown once. Who leaves, or may not sign in any more, loses it at once.
    """

    _name = "clinic.calendar.feed"
    _description = "Calendar address of a specialist"
    _inherit = ["clinic.archive.mixin", "clinic.secret.link.mixin"]
    _order = "id desc"

    _link_path = "/clinic/ics/{token}.ics"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, readonly=True, ondelete="restrict"
    )

    _one_each = models.UniqueIndex(
        "(specialist_id) WHERE active", "The specialist has an address already."
    )

    @api.depends("specialist_id")
    def _compute_display_name(self):
        for feed in self:
            feed.display_name = self.env._("Address %(id)s", id=feed.id)

    @api.model
    def _renew(self, specialist):
        """A fresh secret for ``specialist``; the address before it is dead.

        :return: token, in clear
        """
        self._revoke(specialist)
        return self.create({"specialist_id": specialist.id})._get_token()

    @api.model
    def _revoke(self, specialist):
        feeds = self.search([("specialist_id", "=", specialist.id)])
        feeds.archive_with_reason(self.env._("The address was withdrawn"))
        self.flush_model()

    def _is_link_kept(self):
        specialist = self.specialist_id
        return bool(specialist.user_id) and specialist._is_serving()

    def _get_text(self):
        """The visits of the last 30 days and all to come, as an iCalendar file."""
        specialist = self.specialist_id
        self = self.with_context(lang=specialist.user_id.lang)
        visits = self.env["clinic.appointment"].search(
            [
                ("specialist_id", "=", specialist.id),
                ("state", "in", SHOWN_STATES),
                ("stop", ">", self.env.cr.now() - DAYS_BACK),
            ],
            order="start, id",
        )
        return get_calendar(
            self.env._("Visits"), [self._prepare_entry(visit) for visit in visits]
        )

    def _prepare_entry(self, visit):
        summary = self.env._("Visit")
        if self.specialist_id.feed_initials:
            patient = visit.patient_id
            summary = patient._get_initials() or summary
        return Entry(
            uid=f"visit-{visit.id}@{self.env.cr.dbname}",
            start=visit.start,
            stop=visit.stop,
            changed=visit.write_date,
            summary=summary,
        )
