from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.clinic_base.tools.walltime import DAY, to_utc, to_wall

COMING = timedelta(days=14)
YESTERDAY = timedelta(days=1)
SHOWN_STATES = ("booked", "confirmed", "arrived", "in_progress", "done")
MOST_ROWS = 200
RECENT_PAYMENTS = 8


class ClinicCashSale(models.Model):
    """What the page of a cash desk shows, with the rights of who looks at it."""

    _inherit = "clinic.cash.sale"

    @api.model
    @api.readonly
    def get_start(self, desk_id=False):
        """The desks of the user, and today's visits that are to be paid at one of them.

        :param desk_id: id of a desk; the first with a shift of the user if left out
        :return: dict of ``desks`` (list of dicts), ``desk_id`` (or False), ``visits``
            (list of dicts: id, patient_id, patient, card, time, specialist, service,
            state, due)
        :raises AccessError: for everybody but cashiers
        """
        self._check_may_sell()
        desks = self.env["clinic.cash.desk"].search([("active", "=", True)])
        desk = (
            desks.filtered(lambda desk: desk.id == desk_id)
            or desks.filtered(lambda desk: desk.shift_id.user_id == self.env.user)
            or desks
        )[:1]
        return {
            "desks": [self._read_desk(one) for one in desks],
            "desk_id": desk.id,
            "visits": self._read_visits_to_pay(desk) if desk else [],
        }

    def _check_may_sell(self):
        self.check_access("read")
        if not self.env.user.has_group("clinic_base.group_cashier"):
            raise AccessError(self.env._("Cash desks are worked at by cashiers."))

    def _read_desk(self, desk):
        shift = desk.shift_id
        return {
            "id": desk.id,
            "name": desk.name,
            "branch": desk.branch_id.name,
            "currency_id": desk.currency_id.id,
            "has_terminal": bool(desk.terminal_journal_id),
            # Providers are not read by cashiers; that there is one is no secret.
            "has_code": desk.sudo()._is_paid_online(),
            "cash_balance": desk.cash_balance,
            "shift": bool(shift)
            and {
                "id": shift.id,
                "number": shift.number,
                "cashier": shift.user_id.name,
                "opened": self._to_clock(
                    shift.opened_at, desk.branch_id, "%d.%m %H:%M"
                ),
            },
        }

    @api.model
    def _to_clock(self, moment, branch, pattern="%H:%M"):
        return to_wall(moment, branch.tz).strftime(pattern)

    def _read_visits_to_pay(self, desk):
        branch = desk.branch_id
        today = to_wall(self.env.cr.now(), branch.tz).date()
        visits = self.env["clinic.appointment"].search(
            [
                ("branch_id", "=", branch.id),
                ("start", ">=", to_utc(today, 0, branch.tz)),
                ("start", "<", to_utc(today + DAY, 0, branch.tz)),
                ("state", "in", SHOWN_STATES),
                ("patient_id", "!=", False),
            ],
            order="start, id",
        )
        states = dict(visits._fields["state"]._description_selection(self.env))
        return [
            {
                "id": visit.id,
                "patient_id": visit.patient_id.id,
                "patient": visit.patient_id.name,
                "card": visit.patient_id.card_number or "",
                "time": self._to_clock(visit.start, branch),
                "specialist": visit.specialist_id.name or "",
                "service": visit.service_id.name,
                "state": visit.state,
                "state_label": states[visit.state],
                "due": visit.amount_due,
            }
            for visit in visits
            if visit.amount_due
        ]

    # === BILL === #

    @api.model
    def get_bill(self, desk_id, patient_id, payer_id=False):
        """All that can be paid for a patient at a desk, by one payer.

        Free money of the payer is matched first, so that no debt is asked for that is
        paid already.

        :return: dict of ``patient``, ``payers``, ``payer_id``, ``contact`` (where the
            payer's receipts go), ``credit`` (free money of the payer), ``lines`` (list
            of dicts, see :meth:`_read_lines`), ``requests``, ``payments`` (of which
            something can be given back)
        :raises AccessError: for everybody but cashiers of the branch
        """
        self.check_access("read")
        try:
            desk_id, patient_id = int(desk_id), int(patient_id)
        except (TypeError, ValueError, OverflowError) as error:
            raise UserError(self.env._("Choose the patient.")) from error
        desk = self.env["clinic.cash.desk"].browse(desk_id).exists()
        desk._check_cashier()
        self = self.with_company(desk.company_id)
        patient = self.env["clinic.patient"].browse(patient_id).exists()
        if not patient:
            raise UserError(self.env._("Choose the patient."))
        patient.check_access("read")
        payers = self._find_payers(patient, desk.company_id)
        payer = payers.filtered(lambda one: one.id == payer_id) or payers[:1]
        # Matching follows the rules of the clinic, whoever looks.
        self.env["clinic.match"].sudo()._match(payer)
        return {
            "patient": {
                "id": patient.id,
                "name": patient.name,
                "card": patient.card_number or "",
                "age": patient.age_text or "",
                "phone": patient.phone or "",
            },
            "payers": [{"id": one.id, "name": one.name} for one in payers],
            "payer_id": payer.id,
            # Who takes the money asks where the receipt goes.
            "contact": self.env["clinic.receipt"].sudo()._find_contact(payer.sudo())
            or "",
            "credit": self._get_credit(payer, patient, desk),
            "lines": self._read_lines(payer, patient, desk),
            "requests": self._read_requests(patient, desk),
            "payments": self._read_payments(payer, desk),
        }

    @api.model
    def _find_payers(self, patient, company):
        """Private payers of ``patient``; who pays by default comes first."""
        # Charges tell who pays; the desk reads only the names.
        charges = self.env["clinic.charge"].sudo()
        owing = charges._read_group(
            Domain("patient_id", "=", patient.id)
            & Domain("company_id", "=", company.id)
            & Domain("state", "in", ("open", "invoiced")),
            ["payer_id"],
        )
        payers = patient._get_private_payer() | patient.partner_id
        payers = payers.concat(*(row[0] for row in owing)).sudo(False)
        bound = charges.env["clinic.match"]._get_bound_payers(payers)
        return payers.browse(dict.fromkeys(payers.ids)) - bound

    @api.model
    def _get_credit(self, payer, patient, desk):
        """Free money of ``payer`` that can pay for ``patient``; from the ledger."""
        # Cards that were merged have one account, whoever may read them.
        partners = self.env["clinic.charge"].sudo()._get_account_partners(payer)
        items = self.env["account.move.line"].search(
            Domain("partner_id", "in", partners.ids)
            & Domain("company_id", "=", desk.company_id.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False)
            & Domain("amount_residual", "<", 0)
        )
        held = self.env["clinic.match"].sudo()._get_held(items)
        free = items.filtered(
            lambda item: (
                item.move_id._get_money() not in held
                and (
                    not item.move_id._get_money().origin_payment_id.clinic_only_patient
                    or item.clinic_patient_id == patient
                )
            )
        )
        # What waits for visits to come is not free.
        coming = self.env["clinic.charge"].sudo()._find_coming(payer)
        waiting = coming._get_allocations().values()
        taken = sum(amount for parts in waiting for _item, amount in parts)
        kept = free.move_id.filtered("clinic_reserve_id")._get_receivable_lines() & free
        return -sum((free - kept).mapped("amount_residual")) - taken

    def _read_lines(self, payer, patient, desk):
        """What ``payer`` owes: open charges, and invoices not paid in whole.

        Each a dict: ``kind`` (charge or invoice), ``id``, ``group`` (today, near,
        older), ``date``, ``time``, ``visit_id``, ``patient`` (if another one),
        ``specialist``, ``amount`` (still to be paid), ``total``, ``services`` (name,
        amount, reason), ``ticked``.
        """
        today = to_wall(self.env.cr.now(), desk.branch_id.tz).date()
        charges = self._find_open_charges(payer, desk, today + COMING)
        invoices = self._find_open_invoices(payer, desk)
        of_invoices = invoices.line_ids.clinic_charge_id
        reasons = dict(charges._fields["price_reason"]._description_selection(self.env))
        # Read at once what is asked line by line below.
        for path in ("service_id", "appointment_id.branch_id", "specialist_id"):
            (charges | of_invoices).mapped(f"{path}.name")
        (charges.patient_id | invoices.clinic_patient_id).mapped("name")

        left = charges._get_left()

        def describe(some, date, **vals):
            visit = some.appointment_id[:1]
            owner = some.patient_id[:1]
            return {
                "date": fields.Date.to_string(date),
                "time": self._to_clock(visit.start, visit.branch_id) if visit else "",
                "visit_id": visit.id,
                "patient": owner.name if owner and owner != patient else "",
                "specialist": some.specialist_id[:1].name or "",
                "services": [
                    {
                        "name": one.service_id.name,
                        "qty": one.qty,
                        "amount": one.amount,
                        "reason": reasons[one.price_reason],
                        "list_amount": one.qty * one.list_price,
                    }
                    for one in some
                ],
                "group": self._get_group(date, today),
                "ticked": date == today and owner == patient,
                **vals,
            }

        rows = [
            describe(
                charge,
                charge.date,
                kind="charge",
                id=charge.id,
                amount=left[charge].due,
                total=left[charge].total,
            )
            for charge in charges
        ]
        for invoice in invoices:
            some = of_invoices & invoice.line_ids.clinic_charge_id
            date = some[:1].date or invoice.invoice_date
            if date <= today + COMING:
                rows.append(
                    describe(
                        some,
                        date,
                        kind="invoice",
                        id=invoice.id,
                        name=invoice.name,
                        amount=invoice.amount_residual,
                        total=invoice.amount_total,
                        patient=""
                        if invoice.clinic_patient_id in (patient, patient.browse())
                        else invoice.clinic_patient_id.name,
                        ticked=date == today and invoice.clinic_patient_id == patient,
                    )
                )
        return sorted(rows, key=lambda row: (row["date"], row["time"], row["id"]))

    @api.model
    def _get_group(self, date, today):
        if date == today:
            return "today"
        return "near" if date >= today - YESTERDAY else "older"

    @api.model
    def _find_open_charges(self, payer, desk, until):
        return self.env["clinic.charge"].search(
            Domain("payer_id", "=", payer.id)
            & Domain("company_id", "=", desk.company_id.id)
            & Domain("state", "=", "open")
            & Domain("amount", ">", 0)
            & Domain("date", "<=", until),
            order="date, id",
            limit=MOST_ROWS,
        )

    @api.model
    def _find_open_invoices(self, payer, desk):
        return self.env["account.move"].search(
            Domain("partner_id", "=", payer.id)
            & Domain("company_id", "=", desk.company_id.id)
            & Domain("currency_id", "=", desk.currency_id.id)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("payment_state", "in", ("not_paid", "partial"))
            & Domain("amount_residual", ">", 0),
            order="invoice_date, id",
            limit=MOST_ROWS,
        )

    def _read_requests(self, patient, desk):
        """Open booking requests with what they would cost here today.

        Nothing is charged before the visit is booked: their money waits on the account.
        """
        requests = self.env["clinic.booking.request"].search(
            [("patient_id", "=", patient.id), ("state", "in", ("open", "offered"))],
            limit=MOST_ROWS,
        )
        branch = desk.branch_id
        today = to_wall(self.env.cr.now(), branch.tz).date()
        # Prices come from price lists that the desk may not read.
        charges = self.env["clinic.charge"].sudo()
        services = requests.sudo().service_id
        listed = charges._get_list_prices(
            [(branch.sudo(), service, today) for service in services]
        )
        no_profile = charges.env["clinic.visit.profile"]
        prices = {
            service.id: charges._get_price(
                service, patient.sudo(), branch.sudo(), no_profile, today, listed
            ).price
            for service in services
        }
        return [
            {
                "id": request.id,
                "service": request.service_id.name,
                "specialist": ", ".join(request.specialist_ids.mapped("name")),
                "due_to": fields.Date.to_string(request.due_to) or "",
                "amount": prices[request.service_id.id],
            }
            for request in requests
            if prices[request.service_id.id]
        ]

    def _read_payments(self, payer, desk):
        """The latest payments of which something can still be given back."""
        payments = self.env["account.payment"].search(
            [
                ("partner_id", "=", payer.id),
                ("company_id", "=", desk.company_id.id),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
                ("clinic_patient_id", "!=", False),
            ],
            order="date desc, id desc",
            limit=RECENT_PAYMENTS,
        )
        return [
            {
                "id": payment.id,
                "name": payment.name,
                "date": fields.Date.to_string(payment.date),
                "means": "cash" if payment.journal_id.type == "cash" else "card",
                "amount": payment.amount,
                "may_refund": payment._may_refund(),
            }
            for payment in payments
        ]
