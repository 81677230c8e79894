from babel.dates import format_date

from odoo import api, models
from odoo.tools import SQL
from odoo.tools.misc import babel_locale_parse

from odoo.addons.clinic_base.tools.statements import fetch

BATCH = 200


class ClinicBookingRequest(models.Model):
    """Patients hear when it is time to come again."""

    _inherit = "clinic.booking.request"

    @api.model
    def _cron_call_again(self):
        """Tell of wished visits that are due, batch by batch, each once.

        One whose last day has passed is not told any more.
        """
        cron = self.env["ir.cron"]
        while requests := self._find_due_again():
            self.env["clinic.message"]._enqueue(
                "again", [request._prepare_call_again() for request in requests]
            )
            if not cron._commit_progress(len(requests), remaining=0):
                return

    @api.model
    def _find_due_again(self):
        settings = self.env["clinic.schedule.settings"]._get()
        today = self.env.cr.now().date()
        rows = fetch(
            self.env,
            ("clinic.booking.request", "clinic.branch", "clinic.message"),
            SQL(
                """
                SELECT request.id
                  FROM clinic_booking_request request
                 WHERE request.active AND request.state = 'open'
                   AND request.origin = 'again'
                   AND COALESCE(request.due_from, request.due_to)
                       <= %(today)s + COALESCE(
                          (SELECT max(branch.again_days)
                             FROM clinic_booking_request_branch_rel wished
                             JOIN clinic_branch branch ON branch.id = wished.branch_id
                            WHERE wished.request_id = request.id), %(days)s)
                   AND COALESCE(request.due_to, request.due_from) >= %(today)s
                   AND NOT EXISTS (SELECT FROM clinic_message told
                                    WHERE told.key = 'request:' || request.id
                                                     || ':again')
                 ORDER BY request.id
                 LIMIT %(limit)s
                """,
                days=settings.again_days,
                today=today,
                limit=BATCH,
            ),
        )
        return self.browse(row[0] for row in rows)

    def _prepare_call_again(self):
        branch = self.branch_ids[:1]
        lang = self.patient_id.lang or self.env.lang or "en_US"
        due = max(self.due_from or self.due_to, self.env.cr.now().date())
        locale = babel_locale_parse(lang)
        return {
            "key": f"request:{self.id}:again",
            "patient_id": self.patient_id.id,
            "branch_id": branch.id or None,
            "company_id": self.company_id.id,
            "values": {
                "patient_first_name": self.patient_id.first_name or "",
                "date": format_date(due, format="d MMMM", locale=locale),
                "branch": branch.with_context(lang=lang).name or "",
                "phone": branch.phone or self.company_id.phone or "",
            },
        }
