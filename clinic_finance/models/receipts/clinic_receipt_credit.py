import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

BATCH = 100


class ClinicReceipt(models.Model):
    """Services that nobody has paid when their day ends."""

    _inherit = "clinic.receipt"

    # === ON CREDIT === #

    @api.model
    def _cron_credit(self):
        """Close the past days: what is not paid by then was rendered on credit.

        Whoever pays on the day of the visit gets one receipt and not two.
        """
        self._release_held()
        cron = self.env["ir.cron"]
        domain = self._get_credit_domain()
        visits = self.env["clinic.charge"].search(domain, order="date, id")
        visits = visits.appointment_id
        cron._commit_progress(remaining=len(visits))
        for ids in split_every(BATCH, visits.ids):
            self._close_day(visits.browse(ids), domain)
            if not cron._commit_progress(len(ids)):
                break

    @api.model
    def _get_credit_domain(self):
        """Charges of rendered services whose day is over where they were rendered.

        However long ago: after a downtime, and where a visit is noted late. Insurers,
        employers and other companies pay by bank and get no receipt.
        """
        over = self.env["clinic.branch"]._get_today_domain(
            lambda today: Domain("date", "<", today)
        )
        # Which day a clinic begins on is no secret.
        for company in (
            self.env["res.company"]
            .sudo()
            .search([("clinic_receipts_from", "!=", False)])
        ):
            over &= Domain("company_id", "!=", company.id) | Domain(
                "date", ">=", company.clinic_receipts_from
            )
        return (
            over
            & Domain("handed_over", "=", False)
            & Domain("kind", "=", "service")
            & Domain("is_private", "=", True)
            & Domain("payer_id.is_company", "=", False)
            & (Domain("price", ">", 0) | Domain("package_id", "!=", False))
            & Domain("state", "!=", "cancelled")
            & Domain("appointment_id.state", "=", "done")
        )

    @api.model
    def _close_day(self, visits, domain):
        """One bad visit stops no other.

        :raises psycopg2.OperationalError: conflicts with other transactions, which the
            cron's next run resolves
        """
        try:
            with self.env.cr.savepoint():
                self._create_credits(visits, domain)
        except OperationalError:
            raise
        except Exception:
            if len(visits) > 1:
                for visit in visits:
                    self._close_day(visit, domain)
                return
            _logger.warning("Receipt of visit %s failed", visits.id, exc_info=True)

    @api.model
    def _create_credits(self, visits, domain):
        """Receipts for what is not paid of ``visits``, by visit and payer.

        Where a part was paid before, the rest is the credit of a part payment.
        """
        charges = self.env["clinic.charge"].search(
            domain & Domain("appointment_id", "in", visits.ids)
        )
        charges._touch()
        charges._as_engine().handed_over = "paid"
        self._note_differences(charges)
