import random
from datetime import timedelta

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL

from ...exceptions import TooManyCallsError

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEPT = timedelta(days=2)


class ClinicSiteClaim(models.Model):
    """One booking or hold from outside, counted so that nobody floods the clinic.

    A numbered row under a unique index, as the place of a limit: two requests at once
    cannot both have the last one. It is not given back when the visit is cancelled,
    because the message that it cost has gone. The numbers are taken at random, so that
    visitors behind one address seldom wait for each other.
    """

    _name = "clinic.site.claim"
    _description = "Counted booking from outside"
    _rec_name = "key"
    _order = "id desc"

    key = fields.Char(required=True, help="What is counted and when, e.g. person:…")
    number = fields.Integer(required=True)
    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    taken_at = fields.Datetime(required=True)

    _number_once = models.UniqueIndex("(key, number)", "The limit is reached.")
    _lately = models.Index("(company_id, taken_at)")

    @api.model
    def _count_attempt(self, company, address):
        """Count that somebody at ``address`` (a network) tries to book.

        :raises TooManyCallsError: too many from there, or in all
        """
        now = self.env.cr.now()
        self._check_total(company, now)
        for span, maximum in (
            (HOUR, company.clinic_site_hourly),
            (DAY, company.clinic_site_daily),
        ):
            self._count(f"address:{address}", span, maximum, company, now)

    @api.model
    def _count_booking(self, company, person):
        """Count a booking or hold for ``person``: a phone (E.164) or another key.

        :raises TooManyCallsError: too many of them today, or in all
        """
        now = self.env.cr.now()
        self._check_total(company, now)
        key = f"person:{person}"
        self._count(key, DAY, company.clinic_site_phone_daily, company, now)

    @api.model
    def _check_total(self, company, now):
        """Counted, not numbered: all visitors would queue for the numbers.

        What is counted at the same moment is not seen, so that the limit may be passed
        by as many bookings as the server has workers.

        :raises TooManyCallsError: with a word to the administrators
        """
        [(lately,)] = self.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM clinic_site_claim
                 WHERE company_id = %s
                   AND taken_at > %s
                   AND starts_with(key, 'person:')
                """,
                company.id,
                now - MINUTE,
            )
        )
        if lately < company.clinic_site_minutely:
            return
        # Whatever becomes of this call, the administrators hear of it.
        with self.env["clinic.appointment"]._get_fresh_view() as fresh:
            fresh.env["clinic.site.claim"]._warn(
                company.with_env(fresh.env), lately, now
            )
        raise self._prepare_refusal(MINUTE)

    @api.model
    def _count(self, what, span, maximum, company, now):
        period = int(now.timestamp() // span.total_seconds())
        key = f"{what}:{company.id}:{int(span.total_seconds())}:{period}"
        if not self._claim(key, maximum, company, now):
            raise self._prepare_refusal(span)

    @api.model
    def _prepare_refusal(self, span):
        return TooManyCallsError(
            self.env._(
                "There are too many bookings from the site just now. Please call us:"
                " we shall book the visit for you."
            ),
            int(span.total_seconds()),
        )

    @api.model
    def _claim(self, key, maximum, company, now):
        """Whether one of the ``maximum`` places of ``key`` was left."""
        taken = {
            number
            for (number,) in self.env.execute_query(
                SQL("SELECT number FROM clinic_site_claim WHERE key = %s", key)
            )
        }
        free = [number for number in range(1, maximum + 1) if number not in taken]
        random.shuffle(free)
        return any(self._insert(key, number, company, now) for number in free)

    @api.model
    def _insert(self, key, number, company, now):
        """Whether the row went in; another transaction may just have taken it."""
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(
                    SQL(
                        """
                        INSERT INTO clinic_site_claim
                               (key, number, company_id, taken_at)
                        VALUES (%s, %s, %s, %s)
                        """,
                        key,
                        number,
                        company.id,
                        now,
                    )
                )
        except psycopg2.errors.UniqueViolation:
            return False
        return True

    @api.model
    def _warn(self, company, count, now):
        """Once an hour, to the administrators of ``company``: perhaps SMS pumping."""
        hour = int(now.timestamp() // HOUR.total_seconds())
        if not self._claim(f"alarm:{company.id}:{hour}", 1, company, now):
            return
        users = self.env.ref("clinic_base.group_clinic_admin").all_user_ids.filtered(
            lambda user: company in user.company_ids
        )
        for lang, partners in users.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang).env
            self.env["mail.thread"].message_notify(
                partner_ids=partners.ids,
                subject=env._("A flood of bookings from outside"),
                body=env._(
                    "%(count)s visits were booked from outside within a minute. Sites"
                    " are refused until it is over. Every booking sends a message:"
                    " look whether somebody does it for the messages' sake.",
                    count=count,
                ),
            )

    @api.autovacuum
    def _drop_old(self):
        """Technical rows: what is older than two days limits nothing."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM clinic_site_claim WHERE taken_at < %s",
                self.env.cr.now() - KEPT,
            )
        )
