import logging
from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Command, Domain

from ..charges.clinic_charge_fee import FEES
from ..pricing.product_template import INVOICING

_logger = logging.getLogger(__name__)

BATCH = 100


class ClinicCharge(models.Model):
    """Revenue from charges that have been rendered, and requests to pay before."""

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

    payment_request_ids = fields.Many2many(
        "clinic.payment.request", string="Requests to pay", readonly=True, copy=False
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
        """Post what has been rendered and ask for what is coming, each when it is due;
        one bad charge stops no other."""
        for domain, step in (
            (self._get_rendered_domain(), "_invoice"),
            (self._get_ask_domain(), "_ask"),
        ):
            self._run_due(domain, step)

    @api.model
    def _run_due(self, domain, step):
        """Take ``step`` (a method) with the charges of ``domain``, in batches."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        while charges := self._find_due(domain):
            charges = charges.try_lock_for_update().filtered_domain(domain)
            if not charges:
                break
            getattr(charges, step)()
            if not cron._commit_progress(len(charges)):
                break

    @api.model
    def _find_due(self, domain):
        """A batch of charges; monthly invoices are never torn apart."""
        charges = self.search(domain, limit=BATCH, order="date, id")
        monthly = charges.filtered(lambda charge: charge.invoicing == "monthly")
        if not monthly:
            return charges
        same = Domain("payer_id", "in", monthly.payer_id.ids)
        return charges | self.search(
            domain & same & Domain("invoicing", "=", "monthly")
        )

    @api.model
    def _get_unposted_domain(self):
        return (
            Domain("state", "in", ("open", "paid"))
            & Domain("posted_on", "=", False)
            & Domain("error", "=", False)
        )

    @api.model
    def _get_due_domain(self):
        """What may be invoiced, or asked for, today in its branch."""
        return self.env["clinic.branch"]._get_today_domain(
            lambda today: Domain("invoice_on", "<=", today)
        )

    @api.model
    def _get_rendered_domain(self):
        """What has been rendered and is not in the books yet.

        Revenue is posted when the service has been rendered (ПБУ 9/99, п. 12): at
        once, or for a payer who gets one invoice a month, when the month is over. Fees
        are due when the visit has fallen through.
        """
        rendered = Domain("appointment_id.state", "=", "done") & (
            Domain("invoicing", "!=", "monthly") | self._get_due_domain()
        )
        fees = Domain("kind", "in", ["late_cancel", "no_show"])
        by_hand = Domain("kind", "=", "service") & Domain("appointment_id", "=", False)
        sum_ = Domain("price", ">", 0) | Domain("package_id", "!=", False)
        return self._get_unposted_domain() & sum_ & (rendered | fees | by_hand)

    @api.model
    def _get_ask_domain(self):
        """What is to be asked for before it is rendered: visits to come in time for
        their payment, and packages."""
        coming = Domain(
            "appointment_id.state",
            "in",
            ["booked", "confirmed", "arrived", "in_progress"],
        )
        ahead = Domain("invoicing", "=", "booking") | (
            Domain("invoicing", "=", "before") & self._get_due_domain()
        )
        packages = Domain("kind", "=", "package")
        return (
            self._get_unposted_domain()
            & Domain("state", "=", "open")
            & Domain("amount", ">", 0)
            & Domain("payment_request_ids", "=", False)
            & ((coming & ahead) | packages)
        )

    def _invoice(self):
        """Invoice ``self``; a charge that cannot be invoiced is marked.

        :raises psycopg2.OperationalError: conflicts with other transactions, which the
            cron's next run resolves
        """
        try:
            with self.env.cr.savepoint(), self.env["clinic.receipt"]._telling():
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

    def _post_rendered(self):
        """The services of the visits have been rendered: revenue, and what is paid
        before is taken for it. Who gets one invoice a month waits for its end."""
        due = self.filtered_domain(
            self._get_unposted_domain()
            & (Domain("price", ">", 0) | Domain("package_id", "!=", False))
            & Domain("invoicing", "!=", "monthly")
        )
        due._invoice()

    def _ask(self):
        """Ask the payers for what the charges still want, with a link and a message."""
        self.env["clinic.payment.request"]._create_for(self)._send_links()

    def _find_requests(self):
        """The requests that ask for the charges; those that are missing are made."""
        missing = self.filtered(lambda charge: not charge.payment_request_ids)
        fresh = self.env["clinic.payment.request"]._create_for(missing)
        return self.payment_request_ids | fresh

    def _take_back(self):
        """Take what is left of the posted charges off their invoices, by credit notes;
        other charges of the invoices stay."""
        posted = self.filtered("posted_on")
        lines = posted.sudo().move_line_ids.filtered(
            lambda line: line.parent_state == "posted"
        )
        for invoice, nets in lines.move_id._get_nets().items():
            amounts = {
                line: nets[line.clinic_charge_id]
                for line in invoice.invoice_line_ids
                if line.clinic_charge_id in posted and nets[line.clinic_charge_id] > 0
            }
            if amounts:
                clock = self[:1].with_context(tz=self[:1].branch_id.tz)
                invoice._credit(
                    amounts, fields.Date.context_today(clock, self.env.cr.now())
                )

    def _ask_rest(self):
        """Who has not been asked before is asked for what is not paid."""
        fresh = self.filtered(lambda charge: not charge.payment_request_ids)
        left = fresh._get_left()
        fresh.filtered(lambda charge: left[charge].due > 0)._ask()

    def _create_invoices(self):
        """Post an invoice for each payer, and visit or month; returns them.

        Free money of the payers pays at once.
        """
        charges = self.filtered(
            lambda charge: not charge.posted_on and charge.kind != "package"
        )
        invoices = self.env["account.move"]
        vals_lists = defaultdict(list)
        for key, some in charges.grouped(charges._get_invoice_key).items():
            vals_lists[key[0]].append(some._prepare_invoice_vals())
        for company, vals_list in vals_lists.items():
            invoices += invoices.with_company(company).create(vals_list)
        invoices._post(soft=False)
        for invoice in invoices:
            posted = invoice.line_ids.clinic_charge_id
            posted._as_engine().write({"posted_on": invoice.invoice_date})
            posted.filtered(lambda charge: charge.state == "open")._as_engine().write(
                {"state": "invoiced"}
            )
        self.env["clinic.match"]._match(invoices.commercial_partner_id)
        # Of what costs nothing, the invoice is paid as soon as it is posted.
        charges._sync_paid()
        charges._ask_rest()
        return invoices

    @api.model
    def _get_invoice_key(self, charge):
        """Charges of one key stand on one invoice."""
        monthly = charge.invoicing == "monthly"
        payer = charge.payer_id
        if charge.package_id:
            payer = charge.package_id.charge_id.payer_id
        return (
            charge.company_id,
            payer,
            charge.branch_id if not monthly else False,
            False if monthly else charge.appointment_id,
            charge.kind,
        )

    def _prepare_invoice_vals(self):
        """Values of the invoice for ``self``, charges of one payer.

        It names the patient and the visit if there is but one.
        """
        charge = self[0]
        payer = self._get_invoice_key(charge)[1]
        patient, visit = self.patient_id, self.appointment_id
        clock = charge.with_context(tz=charge.branch_id.tz or self.env.user.tz)
        return {
            "move_type": "out_invoice",
            "partner_id": payer.id,
            "company_id": charge.company_id.id,
            "currency_id": charge.currency_id.id,
            "invoice_date": fields.Date.context_today(clock, self.env.cr.now()),
            "clinic_patient_id": len(patient) == 1 and patient.id,
            "clinic_appointment_id": len(visit) == 1 and visit.id,
            "invoice_line_ids": [
                Command.create(line._prepare_invoice_line_vals()) for line in self
            ],
        }

    def _prepare_invoice_line_vals(self):
        self.ensure_one()
        sold = self.package_id and {
            "quantity": 1.0,
            "price_unit": self._get_package_part(),
            "tax_ids": [Command.set(self._get_package_taxes().ids)],
        }
        return {
            "product_id": self.service_id.id,
            "name": self._get_label(),
            "quantity": self.qty,
            "price_unit": self.price,
            **(sold or {}),
            **self._prepare_income_vals(),
            "clinic_charge_id": self.id,
            "clinic_patient_id": self.patient_id.id,
            "analytic_distribution": self._get_analytic_distribution(),
        }

    def _prepare_income_vals(self):
        """A penalty for a visit that fell through is other income (91.01) and no
        revenue, unless the fee's own product says where it goes."""
        product = self.service_id.with_company(self.company_id)
        if self.kind not in FEES or product.property_account_income_id:
            return {}
        account = self.company_id._find_account("91.01")
        return {"account_id": account.id} if account else {}

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
        """The service outward, in the payer's language: tells nothing of its kind, and
        to whom the patient's visits are secret not even what it is called."""
        service = self.service_id.with_context(lang=self.payer_id.lang)
        patient = self.patient_id
        own = self.payer_id == patient.partner_id
        told = own or not patient._filtered_secret_from(self.payer_id)
        return (told and service.neutral_label) or self._get_neutral_label()

    def _get_neutral_label(self):
        return self.with_context(lang=self.payer_id.lang).env._(
            "Services of the clinic"
        )
