"""The clinic that random events happen to: what does them, and what reads the books."""

from collections import Counter

from odoo import Command, fields
from odoo.tests import new_test_user

from ..common import FinanceCommon

# Methods of 54-ФЗ by which money pays for what was rendered, and those of the service.
PAYING = {"full_payment", "partial_payment", "credit_payment"}
SERVING = {"full_payment", "partial_payment", "credit"}


class MoneyCommon(FinanceCommon):
    taken_by = None  # the journal of the last payment
    FEE = 100  # percent of the price, for a missed visit

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.branch.company_id
        cls.third_patient = cls.create_patient("Small Ivanov")
        cls.let_pay(cls.patient, cls.third_patient)
        cls.patients = cls.patient | cls.other_patient | cls.third_patient
        insurer = cls.env["res.partner"].create({"name": "Insurer"})
        cls.source = cls.env["clinic.payment.source"].create(
            {"name": "Policy", "partner_id": insurer.id, "copay_percent": 20}
        )
        cls.payers = {
            cls.patient.partner_id: "ivanov",
            cls.other_patient.partner_id: "sidorova",
            insurer: "insurer",
        }
        cls.monthly = cls.create_service(
            "Massage", 30, list_price=1000.35, clinic_invoicing="monthly"
        )
        cls.taxed = cls.create_service("Make-up", 30, list_price=1500)
        cls.taxed.taxes_id = cls.env["account.tax"].create(
            {
                "name": "22 %",
                "amount": 22,
                "type_tax_use": "sale",
                "price_include_override": "tax_excluded",
            }
        )
        cls.monthly.taxes_id = False
        cls.services = cls.service | cls.monthly | cls.taxed
        cls.prices = {cls.service: 300000, cls.monthly: 100035, cls.taxed: 150000}
        cls.specialists = cls.specialist | cls.other_specialist
        for specialist in cls.specialists:
            specialist.service_line_ids = [
                Command.create({"product_id": service.id})
                for service in cls.monthly | cls.taxed
            ]
        cls.chief = new_test_user(
            cls.env, "chief_desk", groups="clinic_base.group_registrar_chief"
        )
        cls.company._get_advance_account()
        cls.reason.takes_fee = True
        cls.second_branch = cls.create_branch("South", cls.tz)
        cls.create_room("Room 3", cls.second_branch)
        (cls.branch | cls.second_branch).write(
            {
                "late_cancel_hours": 48,
                "late_cancel_percent": 50,
                "no_show_percent": cls.FEE,
            }
        )
        cls.shares = {}
        for specialist, percent in zip(cls.specialists, (30, 12.5), strict=True):
            cls.shares[specialist.name] = percent
            cls.env["clinic.share.rule"].create(
                {
                    "specialist_id": specialist.id,
                    "percent": percent,
                    "date_from": "2020-01-01",
                }
            )
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.till = cls.env["account.journal"].create(
            {"name": "Drawer", "type": "cash", "code": "DRAW"}
        )

    # === EVENTS === #

    def get_day(self, moment):
        return fields.Datetime.context_timestamp(
            self.branch.with_context(tz=self.branch.tz), moment
        ).date()

    def get_payer(self, name):
        return next(partner for partner, known in self.payers.items() if known == name)

    def add_tax(self, service, net):
        return (net * 122 + 50) // 100 if service == self.taxed else net

    def open_shift_on(self, day, specialist):
        """The specialist receives on ``day``, from then on; every third day at the
        other branch, so that who moves a visit moves it there and back."""
        start = self.at(day, "09:00")
        known = [("specialist_id", "=", specialist.id), ("start", "=", start)]
        if not self.env["clinic.shift"].search_count(known):
            away = day.toordinal() % 3 == 0
            self.create_shift(
                specialist, day, branch=self.second_branch if away else self.branch
            )

    def book_on(self, day, clock, patient, service, specialist, source=None):
        self.open_shift_on(day, specialist)
        visit_id = self.visits.book(
            {
                "service_id": service.id,
                "specialist_id": specialist.id,
                "patient_id": patient.id,
                "start": fields.Datetime.to_string(self.at(day, clock)),
                **({"payment_source_id": source.id} if source else {}),
            }
        )
        return self.visits.browse(visit_id)

    def move_to(self, visit, day, clock, specialist):
        self.open_shift_on(day, specialist)
        start = fields.Datetime.to_string(self.at(day, clock))
        visit.reschedule(start, specialist.id)

    def revise(self, profile, day, price):
        wizard = self.env["clinic.profile.revise"].create(
            {
                "profile_ids": [Command.set(profile.ids)],
                "date": day,
                "price_mode": "fixed",
                "price": price,
            }
        )
        wizard.action_revise()

    def register(self, invoice, amount):
        """Odoo's dialog “Register payment”."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": amount})._create_payments()

    def find_match(self, payment, invoice):
        matches = self.env["clinic.match"].search(
            [
                ("credit_move_id", "=", payment.move_id.id),
                ("debit_move_id", "=", invoice.id),
                ("partial_id", "!=", False),
            ]
        )
        assert matches, f"{payment} has paid nothing of {invoice}"
        return matches[0]

    def part(self, match):
        """Odoo's button on the invoice."""
        invoice = match.debit_move_id.with_user(self.accountant)
        invoice.js_remove_outstanding_partial(match.partial_id.id)

    def find_held(self, payment):
        return self.env["clinic.match"].search(
            [("credit_move_id", "=", payment.move_id.id), ("held", "=", True)], limit=1
        )

    def refund(self, payment, amount, way, **vals):
        refund = (
            self.env["clinic.refund"]
            .with_user(self.accountant)
            .create(
                {
                    "payment_id": payment.id,
                    "amount": amount,
                    "way": way,
                    "journal_id": self.till.id,
                    "bank_journal_id": self.bank.id,
                    "application": "No. 1",
                    "reason": "Asked",
                    **vals,
                }
            )
        )
        refund.action_refund()
        return refund

    def credit_by_hand(self, invoice, amounts):
        """Odoo's dialog “Credit note”, and the draft put right before it is posted.

        :param amounts: {id of a charge: sum, taxes included}
        """
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        note = wizard.new_move_ids
        for line in note.invoice_line_ids:
            total = amounts.get(line.clinic_charge_id.id, 0.0)
            line.price_unit = line.price_unit * total / line.price_total
        note.action_post()

    def press(self, record, name):
        methods = {"account.payment": "action", "account.move": "button"}
        name = {"reset": "draft"}.get(name, name)
        method = f"{methods[record._name]}_{name}"
        getattr(record.with_user(self.accountant), method)()

    def take(self, charges, amount, payer, patient, only_patient=False):
        """Money in cash or by bank, by turns."""
        self.taken_by = self.bank if self.taken_by == self.till else self.till
        journal = self.taken_by
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": payer.id,
                "clinic_patient_id": patient.id,
                "clinic_charge_ids": [Command.set(charges.ids)],
                "clinic_only_patient": only_patient,
                "company_id": self.company.id,
                "journal_id": journal.id,
                "amount": amount,
            }
        )
        payment.action_post()
        return payment

    def merge_into(self, kept, merged):
        """The chief of the desk makes one card of two."""
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        merges._merge(kept.with_user(self.chief), merged.with_user(self.chief))

    # === THE BOOKS === #

    def read_accounts(self):
        """(balances, what of them lies among the advances) by payer, in kopecks."""
        balances, advances = Counter(), Counter()
        for partner, account, amount in self.env["account.move.line"]._read_group(
            [
                ("partner_id", "in", [one.id for one in self.payers]),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            ["partner_id", "account_id"],
            ["balance:sum"],
        ):
            name = self.payers[partner]
            balances[name] -= round(amount * 100)
            if account == self.company.clinic_advance_account_id:
                advances[name] -= round(amount * 100)
        return balances, advances

    def read_statement(self, payer):
        """(closing balance, what its lines add up to) of the payer's statement, in
        kopecks."""
        statement = self.env["clinic.statement"].create(
            {
                "partner_id": payer.id,
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2027-12-31",
            }
        )
        statement.action_show()
        lines = statement.line_ids
        moved = sum(lines.mapped("paid")) - sum(lines.mapped("charged"))
        return round(statement.closing * 100), round(moved * 100)

    def read_revenue(self):
        """Revenue by (year, month), in kopecks."""
        rows = self.env["account.move.line"]._read_group(
            [
                ("clinic_charge_id.patient_id", "in", self.cards.ids),
                ("display_type", "=", "product"),
                ("parent_state", "=", "posted"),
            ],
            ["date:month"],
            ["balance:sum"],
        )
        return Counter(
            {
                (month.year, month.month): -round(amount * 100)
                for month, amount in rows
                if round(amount * 100)
            }
        )

    def read_receipts(self):
        """What receipts tell, in kopecks: by ("money", payment) what has come less what
        has gone, by ("paid", payment, invoice) and by ("served", charge)."""
        told = Counter()
        for receipt in self.env["clinic.receipt"].search(
            [("payer_id", "in", [partner.id for partner in self.payers])]
        ):
            back = receipt.kind == "refund" or receipt.kind.endswith("_back")
            sign = -1 if back else 1
            payment = receipt.payment_id
            payment = payment.clinic_refund_of_id or payment
            assert round(sum(receipt.line_ids.mapped("amount")) * 100) == round(
                receipt.amount * 100
            )
            if receipt.kind in ("income", "refund"):
                told["money", payment.id] += sign * round(receipt.amount * 100)
            for line in receipt.line_ids:
                amount = sign * round(line.amount * 100)
                invoice = line.charge_id.move_line_ids.move_id.filtered(
                    lambda move: move.move_type == "out_invoice"
                )
                if payment and line.payment_method in PAYING:
                    told["paid", payment.id, invoice.id] += amount
                if line.payment_method in SERVING:
                    told["served", line.charge_id.id] += amount
        return told

    def read_shares(self):
        """{charge: what its specialist has earned}, in kopecks."""
        rows = self.env["clinic.share.earned"].search(
            [("patient_id", "in", self.cards.ids)]
        )
        return {row.charge_id.id: round(row.share_amount * 100) for row in rows}
