import logging
from collections import defaultdict

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Command, Domain

_logger = logging.getLogger(__name__)

BATCH = 100


class ClinicCharge(models.Model):
    """Invoices from charges, by cron."""

    _inherit = "clinic.charge"

    @api.model
    def _cron_invoice(self):
        """Make and post the invoices that are due; one bad charge stops no other."""
        cron = self.env["ir.cron"]
        domain = self._get_due_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        while charges := self.search(domain, limit=BATCH, order="date, id"):
            charges = charges.try_lock_for_update().filtered_domain(domain)
            if not charges:
                break
            charges._invoice()
            if not cron._commit_progress(len(charges)):
                break

    @api.model
    def _get_due_domain(self):
        """Services paid before are invoiced when booked, the others when rendered."""
        prepaid = Domain("service_id.prepayment_policy", "!=", "none") & Domain(
            "appointment_id.state",
            "in",
            ["booked", "confirmed", "arrived", "in_progress"],
        )
        rendered = Domain("appointment_id.state", "=", "done")
        without_visit = Domain("appointment_id", "=", False)
        return (
            Domain("state", "=", "open")
            & Domain("error", "=", False)
            & Domain("price", ">", 0)
            & (prepaid | rendered | without_visit)
        )

    def _invoice(self):
        """Invoice ``self``; a charge that cannot be invoiced is marked.

        :raises psycopg2.OperationalError: conflicts with other transactions, which the
            cron's next run resolves
        """
        try:
            with self.env.cr.savepoint():
                self._create_invoices()
        except OperationalError:
            raise
        except Exception:
            if len(self) > 1:
                for charge in self:
                    charge._invoice()
                return
            _logger.warning("Charge %s could not be invoiced", self.id, exc_info=True)
            self.error = self.env._(
                "The invoice could not be made; see the server log."
            )

    def _create_invoices(self):
        """One posted invoice per payer and visit; sends the payment links."""
        groups = self.grouped(
            lambda charge: (charge.company_id, charge.payer_id, charge.appointment_id)
        )
        vals_lists = defaultdict(list)
        for (company, _payer, _visit), charges in groups.items():
            vals_lists[company].append(charges._prepare_invoice_vals())
        moves = self.env["account.move"]
        invoices = moves.concat(
            *(
                moves.with_company(company).create(vals_list)
                for company, vals_list in vals_lists.items()
            )
        )
        invoices._post()
        self.write({"state": "invoiced"})
        self.env["clinic.payment.link"]._create_for(invoices)
        return invoices

    def _prepare_invoice_vals(self):
        """Values of the invoice for ``self``, charges of one payer and visit."""
        charge = self[0]
        return {
            "move_type": "out_invoice",
            "partner_id": charge.payer_id.id,
            "company_id": charge.company_id.id,
            "currency_id": charge.currency_id.id,
            "invoice_date": fields.Date.context_today(charge),
            "clinic_patient_id": charge.patient_id.id,
            "clinic_appointment_id": charge.appointment_id.id,
            "invoice_line_ids": [
                Command.create(line._prepare_invoice_line_vals()) for line in self
            ],
        }

    def _prepare_invoice_line_vals(self):
        """One line; the label outward tells nothing of the kind of service."""
        self.ensure_one()
        service = self.service_id.with_context(lang=self.payer_id.lang)
        return {
            "product_id": service.id,
            "name": service.neutral_label or self._get_neutral_label(),
            "quantity": self.qty,
            "price_unit": self.price,
            "clinic_charge_id": self.id,
            "analytic_distribution": self._get_analytic_distribution(),
        }

    def _get_neutral_label(self):
        return self.with_context(lang=self.payer_id.lang).env._(
            "Services of the clinic"
        )
