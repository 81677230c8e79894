import logging
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..pricing.product_template import INVOICING

_logger = logging.getLogger(__name__)

BATCH = 100


class ClinicCharge(models.Model):
    """Invoices from charges, by cron."""

    _inherit = "clinic.charge"

    invoicing = fields.Selection(
        INVOICING,
        string="Invoice",
        compute="_compute_invoicing",
        store=True,
        readonly=False,
        precompute=True,
        help="When the invoice is made; as the service of the visit says.",
    )
    invoice_on = fields.Date(
        string="Invoice from",
        compute="_compute_invoice_on",
        store=True,
        precompute=True,
        help="Day from which the invoice may be made.",
    )

    @api.depends("appointment_id", "service_id")
    def _compute_invoicing(self):
        for charge in self:
            service = charge.appointment_id.service_id or charge.service_id
            charge.invoicing = service.clinic_invoicing

    @api.depends("invoicing", "date", "branch_id")
    def _compute_invoice_on(self):
        for charge in self:
            ahead = {
                "before": -timedelta(days=charge.branch_id.invoice_days),
                "monthly": relativedelta(months=1, day=1),
            }
            charge.invoice_on = charge.date and charge.date + ahead.get(
                charge.invoicing, timedelta(0)
            )

    @api.model
    def _cron_invoice(self):
        """Make and post the invoices that are due; one bad charge stops no other."""
        cron = self.env["ir.cron"]
        domain = self._get_due_domain()
        cron._commit_progress(remaining=self.search_count(domain))
        while charges := self._find_due(domain):
            charges = charges.try_lock_for_update().filtered_domain(domain)
            if not charges:
                break
            charges._invoice()
            if not cron._commit_progress(len(charges)):
                break

    @api.model
    def _find_due(self, domain):
        """A batch of charges to invoice; monthly invoices are never torn apart."""
        charges = self.search(domain, limit=BATCH, order="date, id")
        monthly = charges.filtered(lambda charge: charge.invoicing == "monthly")
        if not monthly:
            return charges
        same = Domain("payer_id", "in", monthly.payer_id.ids)
        return charges | self.search(
            domain & same & Domain("invoicing", "=", "monthly")
        )

    @api.model
    def _get_due_domain(self):
        """What is paid before is invoiced in time for it, the rest when rendered."""
        today = fields.Date.context_today(self)
        coming = Domain(
            "appointment_id.state",
            "in",
            ["booked", "confirmed", "arrived", "in_progress"],
        )
        ahead = Domain("invoicing", "=", "booking") | (
            Domain("invoicing", "=", "before") & Domain("invoice_on", "<=", today)
        )
        rendered = Domain("appointment_id.state", "=", "done") & (
            Domain("invoicing", "!=", "monthly") | Domain("invoice_on", "<=", today)
        )
        # Packages, and what somebody charged by hand or for a visit given up.
        without_visit = Domain("appointment_id", "=", False) | Domain(
            "kind", "in", ["late_cancel", "no_show"]
        )
        return (
            Domain("state", "=", "open")
            & Domain("error", "=", False)
            & Domain("price", ">", 0)
            & ((coming & ahead) | rendered | without_visit)
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
            self._as_engine().error = self.env._(
                "The invoice could not be made; see the server log."
            )

    def _create_invoices(self, send_links=True):
        """One posted invoice per payer and visit, or month; sends payment links."""
        groups = self.grouped(
            lambda charge: (
                charge.company_id,
                charge.payer_id,
                charge.invoicing != "monthly" and charge.appointment_id,
            )
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
        self._as_engine().write({"state": "invoiced"})
        # Of what costs nothing, the invoice is paid as soon as it is posted.
        self._sync_paid()
        if send_links:
            self.env["clinic.payment.link"]._create_for(invoices)
        return invoices

    def _prepare_invoice_vals(self):
        """Values of the invoice for ``self``, charges of one payer.

        It names the patient and the visit if there is but one.
        """
        charge = self[0]
        patient, visit = self.patient_id, self.appointment_id
        return {
            "move_type": "out_invoice",
            "partner_id": charge.payer_id.id,
            "company_id": charge.company_id.id,
            "currency_id": charge.currency_id.id,
            "invoice_date": fields.Date.context_today(charge),
            "clinic_patient_id": len(patient) == 1 and patient.id,
            "clinic_appointment_id": len(visit) == 1 and visit.id,
            "invoice_line_ids": [
                Command.create(line._prepare_invoice_line_vals()) for line in self
            ],
        }

    def _prepare_invoice_line_vals(self):
        self.ensure_one()
        return {
            "product_id": self.service_id.id,
            "name": self._get_label(),
            "quantity": self.qty,
            "price_unit": self.price,
            "clinic_charge_id": self.id,
            "clinic_patient_id": self.patient_id.id,
            "analytic_distribution": self._get_analytic_distribution(),
        }

    def _get_totals(self, payer):
        """{charge: what an invoice to ``payer`` will ask for it, taxes included}."""
        company = self.company_id[:1]
        positions = self.env["account.fiscal.position"].with_company(company)
        position = positions._get_fiscal_position(payer)
        totals = {}
        for charge in self:
            taxes = charge.service_id.taxes_id._filter_taxes_by_company(company)
            found = position.map_tax(taxes).compute_all(
                charge.price,
                currency=charge.currency_id,
                quantity=charge.qty,
                product=charge.service_id,
                partner=payer,
            )
            totals[charge] = found["total_included"]
        return totals

    def _get_label(self):
        """The service outward, in the payer's language: tells nothing of its kind."""
        service = self.service_id.with_context(lang=self.payer_id.lang)
        return service.neutral_label or self._get_neutral_label()

    def _get_neutral_label(self):
        return self.with_context(lang=self.payer_id.lang).env._(
            "Services of the clinic"
        )
