import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.api import RefusedError, UncertainError

_logger = logging.getLogger(__name__)

BATCH = 200
KEPT = timedelta(days=90)
EVENTS = {
    "payment.waiting_for_capture": "payments",
    "payment.succeeded": "payments",
    "payment.canceled": "payments",
    "refund.succeeded": "refunds",
}
# Nothing more happens to the object.
FINAL = ("succeeded", "canceled")
# A notice that YooKassa does not bear out yet is asked about for an hour.
TRIES = 6


class PaymentYookassaNotice(models.Model):
    """A hint that something may have happened at YooKassa; nothing in it is believed.

    A notice is stored once and answered at once; what it hints at is read over the API
    afterwards, and asked for again until YooKassa answers. One that comes before its
    time, forged or not, does not use up the real one: it is asked about for a while,
    and the same notice opens it again.
    """

    _name = "payment.yookassa.notice"
    _description = "Notice of YooKassa"
    _order = "id"
    _rec_name = "object_id"

    provider_id = fields.Many2one(
        "payment.provider", required=True, ondelete="cascade", index=True
    )
    event = fields.Char(required=True)
    object_id = fields.Char(required=True, string="Number at YooKassa")
    state = fields.Selection(
        [("new", "New"), ("done", "Done"), ("ignored", "Not ours")],
        required=True,
        default="new",
    )
    tries = fields.Integer(default=0)
    ask_at = fields.Datetime(required=True)

    _once = models.UniqueIndex("(provider_id, event, object_id)")
    _waiting = models.Index("(ask_at) WHERE state = 'new'")

    @api.model
    def _receive(self, provider, event, object_id):
        """Store a notice; the same one again changes nothing while it waits.

        :return: whether there is something to ask now

        An equal one that is being stored by another request lets this one wait, and
        Odoo repeats it on a newer snapshot: the unique index decides.
        """
        stored = self.env.execute_query(
            SQL(
                """
                INSERT INTO payment_yookassa_notice
                       (provider_id, event, object_id, state, tries, ask_at,
                        create_uid, create_date, write_uid, write_date)
                VALUES (%(provider)s, %(event)s, %(object)s, 'new', 0, %(now)s,
                        %(uid)s, %(now)s, %(uid)s, %(now)s)
                ON CONFLICT (provider_id, event, object_id)
                DO UPDATE SET state = 'new', tries = 0, ask_at = %(now)s,
                              write_uid = %(uid)s, write_date = %(now)s
                        WHERE payment_yookassa_notice.state <> 'new'
             RETURNING id
                """,
                provider=provider.id,
                event=event,
                object=object_id,
                now=self.env.cr.now(),
                uid=self.env.uid,
            )
        )
        if stored:
            self.env.ref("payment_yookassa.ir_cron_follow_up")._trigger()
        return bool(stored)

    @api.model
    def _get_waiting_domain(self):
        return [("state", "=", "new"), ("ask_at", "<=", self.env.cr.now())]

    def _attend(self):
        """Read what ``self`` hints at and act on it; never raises.

        Commits nothing: the cron commits after each.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                if self._handle():
                    self.state = "done"
                elif self.tries < TRIES:
                    self._postpone()
                else:
                    self.state = "ignored"
        except OperationalError:
            # Somebody else has the transaction now.
            self.env.cr.rollback()
            self._postpone()
        except UncertainError:
            self._postpone()
        except Exception as error:
            _logger.warning(
                "Notice %s: %s", self.id, type(error).__name__, exc_info=True
            )
            self._postpone()

    def _postpone(self):
        """Try again, later each time, within the hour."""
        self.write(
            {
                "tries": self.tries + 1,
                "ask_at": self.env.cr.now() + timedelta(minutes=min(2**self.tries, 60)),
            }
        )

    def _handle(self):
        """Whether the notice was about something of this shop, and has come true.

        :raises UncertainError: YooKassa does not answer
        """
        self.ensure_one()
        client = self.provider_id._yookassa_client()
        try:
            found = client.get(f"{EVENTS[self.event]}/{self.object_id}")
        except RefusedError as error:
            if error.status == 404:
                return False
            raise UncertainError(str(error)) from error
        if found.get("id") != self.object_id:
            raise UncertainError("another object")
        transactions = self.env["payment.transaction"]
        if EVENTS[self.event] == "refunds":
            ours = transactions._yookassa_take_refund(self.provider_id, found)
        else:
            ours = transactions._yookassa_take_payment(self.provider_id, found)
        status = found.get("status")
        return ours and (status in FINAL or status == self.event.rpartition(".")[2])

    @api.autovacuum
    def _gc_notices(self):
        self.search(
            [
                ("state", "!=", "new"),
                ("create_date", "<", self.env.cr.now() - KEPT),
            ],
            limit=10_000,
        ).unlink()
