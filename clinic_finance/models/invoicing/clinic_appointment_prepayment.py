import logging
from datetime import timedelta

from babel.dates import format_datetime
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import babel_locale_parse

from odoo.addons.clinic_base.tools.walltime import to_wall

from ...tools.prepayment import GRACE, get_deadline

_logger = logging.getLogger(__name__)

COMING = ("booked", "confirmed")
# A payer who has just opened the provider's page may be typing in a card.
TYPING = timedelta(minutes=30)


class ClinicAppointment(models.Model):
    """Visits that have to be paid before: a deadline, a reminder, and the time goes on.

    Each step is taken once, by day only, also after a downtime: nobody loses the time
    without having been reminded at least two hours before.
    """

    _inherit = "clinic.appointment"

    prepayment_due = fields.Datetime(
        string="To be paid by",
        readonly=True,
        copy=False,
        help="Not paid by then, the visit is cancelled and its time offered to others.",
    )
    prepayment_reminded_at = fields.Datetime(
        string="Reminded to pay", readonly=True, copy=False
    )

    _prepayment_due_idx = models.Index(
        "(branch_id, prepayment_due) WHERE prepayment_due IS NOT NULL"
        " AND state IN ('booked', 'confirmed')"
    )

    @api.model
    def _get_engine_fields(self):
        return super()._get_engine_fields() | {
            "prepayment_due",
            "prepayment_reminded_at",
        }

    # === DEADLINE === #

    def _demand_prepayments(self):
        """Deadlines of the visits in ``self`` whose service has to be prepaid, and of
        those that have moved with a deadline."""
        self.filtered(
            lambda visit: (
                visit.prepayment_due or visit.service_id.prepayment_policy == "full"
            )
        )._demand_prepayment()

    def _demand_prepayment(self, due=None):
        """Have the visits paid before; nothing for those that nobody owes anything for.

        Who pays by an insurer or an employer is never asked for money at the desk.

        :param due: naive UTC; None is what the branch's settings make of it
        """
        now = self.env.cr.now()
        for visit in self & self._get_owed_charges().appointment_id:
            if visit.start > now:
                visit._as_engine().write(
                    {
                        "prepayment_due": due or visit._get_prepayment_deadline(now),
                        "prepayment_reminded_at": False,
                    }
                )

    def action_lift_prepayment(self):
        """Let the visit stand without being paid before.

        :raises AccessError: for others than chief registrars and finance managers
        """
        self.check_access("read")
        self.env["clinic.charge"]._check_may_waive()
        # The role has been checked; the engine's fields are nobody's to write.
        return self.sudo()._as_engine().write({"prepayment_due": False})

    def _get_prepayment_deadline(self, now):
        ahead = timedelta(hours=self.branch_id.prepayment_hours)
        return get_deadline(now, self.start, ahead, self.branch_id._get_quiet_until())

    def _get_owed_charges(self):
        """What the patient still has to pay of the visit, by its charges."""
        charges = self.charge_ids.filtered("is_private")
        left = charges._get_left()
        return charges.filtered(lambda charge: left[charge].due > 0)

    def _has_to_prepay(self, now):
        """Whether the visit still waits for its prepayment at ``now`` (naive UTC)."""
        return bool(
            self.prepayment_due
            and self.start > now
            and self.state in COMING
            and self._get_owed_charges()
        )

    # === CRON === #

    @api.model
    def _cron_prepayment(self):
        """Remind, then cancel, visit by visit: one bad record stops no other."""
        cron = self.env["ir.cron"]
        now = self.env.cr.now()
        for branch in self.env["clinic.branch"].search([("tz", "!=", False)]):
            if branch._get_quiet_until()(now):
                continue
            steps = (
                (self._get_remind_domain(branch, now), "_remind_to_pay"),
                (self._get_overdue_domain(now), "_cancel_unpaid"),
            )
            for domain, step in steps:
                owing = Domain("charge_ids.state", "in", ["open", "invoiced"])
                at_branch = Domain("branch_id", "=", branch.id)
                for visit in self.search(at_branch & domain & owing, order="start, id"):
                    visit._take_step(step)
                    if not cron._commit_progress(1):
                        return

    @api.model
    def _get_remind_domain(self, branch, now):
        told = now + timedelta(hours=branch.prepayment_remind_hours)
        return (
            Domain("state", "in", COMING)
            & Domain("start", ">", now)
            & Domain("prepayment_reminded_at", "=", False)
            & Domain("prepayment_due", "<=", told)
        )

    @api.model
    def _get_overdue_domain(self, now):
        return (
            Domain("state", "in", COMING)
            & Domain("start", ">", now)
            & Domain("prepayment_due", "<=", now)
            & Domain("prepayment_reminded_at", "<=", now - GRACE)
        )

    def _take_step(self, step):
        """Take ``step`` (a method); what is being paid waits for the next run."""
        try:
            with self.env.cr.savepoint():
                getattr(self, step)()
        except OperationalError:
            _logger.info("Visit %s is being changed; it is left for later", self.id)
        except Exception:
            _logger.warning("Visit %s: %s failed", self.id, step, exc_info=True)
        self.env.invalidate_all()

    def _remind_to_pay(self):
        """Tell the payer once how much, by when and where; free money comes first."""
        now = self.env.cr.now()
        self._match_payers()
        if not self._has_to_prepay(now):
            return
        # One message: the reminder brings the link.
        requests = self._get_owed_charges()._find_requests()
        self.env["clinic.payment.link"]._create_for(
            requests.filtered(lambda request: not request._get_live_link())
        )
        due = self.prepayment_due
        if due < now + GRACE:
            due = self._get_prepayment_deadline(now)
        self._as_engine().write({"prepayment_due": due, "prepayment_reminded_at": now})
        self._notify_patient("prepayment")

    def _cancel_unpaid(self):
        """Cancel the visit, unless a payment for it has come or is on its way."""
        self._match_payers()
        requests = self.charge_ids.payment_request_ids
        self._lock_payments(requests)
        if self._has_to_prepay(self.env.cr.now()) and not self._is_being_paid(requests):
            self._cancel(self.env.ref("clinic_base.cancel_reason_unpaid"))

    def _match_payers(self):
        self.env["clinic.match"]._match(self._get_owed_charges().payer_id)

    def _lock_payments(self, requests):
        """Make a payment at this very moment wait, or fail if it has just been made.

        :raises psycopg2.OperationalError: a payment was committed a moment ago, which
            the next run sees
        """
        self.env.flush_all()
        for table, ids in (
            ("clinic_charge", self.charge_ids.ids),
            ("clinic_payment_request", requests.ids),
            ("payment_transaction", requests.transaction_ids.ids),
        ):
            # Names of our own tables only.
            # pylint: disable-next=sql-injection
            self.env.cr.execute(
                f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                [ids],
            )
        self.env.invalidate_all()

    def _is_being_paid(self, requests):
        """Whether a payment of ``requests`` is under way, or a part has been paid.

        Both are left for a person: the desk sees them by the filter of late payments.
        """
        typed_since = self.env.cr.now() - TYPING
        under_way = requests.transaction_ids.filtered(
            lambda tx: (
                tx.state in ("pending", "authorized", "done")
                or (tx.state == "draft" and tx.last_state_change > typed_since)
            )
        )
        left = self._get_owed_charges()._get_left().values()
        return bool(under_way or any(part.paid for part in left))

    # === MESSAGES === #

    @api.model
    def _get_cancel_purpose(self, reason):
        if reason == self.env.ref("clinic_base.cancel_reason_unpaid"):
            return "unpaid"
        return super()._get_cancel_purpose(reason)

    def _get_message_values(self, purpose):
        values = super()._get_message_values(purpose)
        if purpose == "prepayment":
            lang = self.patient_id.lang or self.env.lang or "en_US"
            requests = self._get_owed_charges().payment_request_ids
            currency = self.currency_id.with_context(lang=lang)
            values |= {
                "amount": currency.format(self.amount_due),
                "link": requests._get_live_link().url or "",
                "until": format_datetime(
                    to_wall(self.prepayment_due or self.start, self.branch_id.tz),
                    format="d MMMM, HH:mm",
                    locale=babel_locale_parse(lang),
                ),
            }
        return values
