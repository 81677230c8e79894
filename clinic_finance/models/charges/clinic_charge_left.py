from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.left import Left


class ClinicCharge(models.Model):
    """What is left of a charge: the one place that says what is asked, paid and due.

    Before the service nobody owes anything: what is paid for it is an advance, and the
    charge is paid when the payer's free money covers it. Once its revenue is posted,
    the ledger says what is due.
    """

    _inherit = "clinic.charge"

    posted_on = fields.Date(
        string="Revenue posted on",
        readonly=True,
        copy=False,
        help="Day on which the service was rendered in the books.",
    )

    paid_at = fields.Datetime(
        readonly=True,
        copy=False,
        help="Since when nothing is left to pay of it; of no meaning in other states.",
    )

    _coming = models.Index(
        "(payer_id) WHERE posted_on IS NULL AND state IN ('open', 'paid')"
    )

    def _get_left(self):
        """``{charge: Left}``, by a number of queries that does not grow."""
        left = dict.fromkeys(self, Left(0.0, 0.0))
        live = self.filtered(lambda charge: charge.state != "cancelled")
        posted = self.filtered("posted_on")
        left |= posted._get_left_posted()
        coming = (live - posted).filtered("amount")
        asked = coming._get_asked()
        paid = coming._get_free_money()
        for charge in coming:
            kept = charge.kind == "package" and charge.state == "paid"
            waits = asked[charge] if kept else paid.get(charge, 0.0)
            due = charge.currency_id.round(asked[charge] - waits)
            left[charge] = Left(asked[charge], due)
        return left

    def _get_left_posted(self):
        if not self:
            return {}
        totals = dict.fromkeys(self, 0.0)
        dues = dict.fromkeys(self, 0.0)
        for invoice, nets in self._get_posted_moves()._get_nets().items():
            parts = invoice._spread_residual(nets)
            for charge in nets.keys() & totals.keys():
                totals[charge] += nets[charge]
                dues[charge] += parts[charge]
        return {
            charge: Left(
                charge.currency_id.round(totals[charge]),
                charge.currency_id.round(dues[charge]),
            )
            for charge in self
        }

    def _get_posted_moves(self):
        """Invoices of the charges, and their credit notes."""
        lines = self.env["account.move.line"].search(
            [("clinic_charge_id", "in", self.ids), ("parent_state", "=", "posted")]
        )
        return lines.move_id

    def _get_invoiced(self):
        """``{invoice: {charge: what is left of it after credit notes}}``, of invoices
        on which nothing but charges stands."""
        nets = self._get_posted_moves()._get_nets()
        return {invoice: some for invoice, some in nets.items() if all(some)}

    def _get_asked(self):
        """``{charge: what is asked for it}``, taxes included as Odoo counts them."""
        asked = {}
        for (payer, company), some in self.grouped(
            lambda charge: (charge.payer_id, charge.company_id)
        ).items():
            taxed = some.filtered(
                lambda charge, company=company: (
                    charge.service_id.taxes_id._filter_taxes_by_company(company)
                )
            )
            asked |= {charge: charge.amount for charge in some - taxed}
            asked |= taxed._get_totals(payer)
        return asked

    def _get_free_money(self):
        """``{charge: what waits on the payer's account for it}``."""
        return {
            charge: sum(amount for _item, amount in parts)
            for charge, parts in self._get_allocations().items()
        }

    def _get_allocations(self):
        """``{charge: [(item of free money, sum that waits for it)]}``.

        Where a payment is for something it waits for that; the rest for the oldest
        visits of its patient, then of the payer.
        """
        if not self:
            return {}
        matches = self.env["clinic.match"]
        payers = self._get_account_partners(self.payer_id)
        items = matches._find_items(payers)
        found = {}
        if items.filtered(lambda item: item.amount_residual < 0):
            coming = self._find_coming(payers)
            for item, charge, amount, _rule in matches._plan(items, coming):
                if charge._name == self._name and charge in self:
                    found.setdefault(charge, []).append((item, amount))
        return found

    @api.model
    def _get_account_partners(self, payers):
        """Every partner on the accounts of ``payers``: those of merged cards, too."""
        return payers.union(*self.env["clinic.patient"]._get_account_owners(payers))

    @api.model
    def _find_coming(self, payers):
        """Charges of ``payers`` whose revenue is not posted yet, the oldest first.

        A package that has been paid keeps its money and asks for none.
        """
        if not payers:
            return self.browse()
        return self.search(
            Domain("payer_id", "in", payers.ids)
            & Domain("state", "in", ("open", "paid"))
            & Domain("posted_on", "=", False)
            & Domain("amount", ">", 0)
            & Domain("active", "=", True)
            & (Domain("kind", "!=", "package") | Domain("state", "=", "open")),
            order="date, id",
        )

    def _filtered_coming(self):
        """Visits to come or not invoiced yet, at a price of their own: what may still
        change, whether free money covers them or not."""
        return self.filtered(
            lambda charge: (
                charge.state in ("open", "paid")
                and not charge.posted_on
                and not charge.package_id
                and (charge.kind != "package" or charge.state == "open")
            )
        )

    # === STATES === #

    @api.model
    def _cover(self, payers):
        """Say of the coming charges of ``payers`` whether free money pays for them.

        To be called whenever charges of a payer come, go or change.
        """
        payers = self._get_account_partners(payers)
        coming = self._find_coming(payers)
        matches = self.env["clinic.match"]
        plan = coming and matches._plan(matches._find_items(payers), coming)
        coming._note_covered([one for one in plan if one[1]._name == self._name])

    def _note_covered(self, plan):
        """States of the coming charges ``self`` by what ``plan`` pays of each."""
        paid = dict.fromkeys(self, 0.0)
        for _item, charge, amount, _rule in plan:
            paid[charge] += amount
        visits = self.filtered(lambda charge: charge.kind != "package")
        # What is coming costs something: without money none of it is covered.
        funded = visits.filtered(lambda charge: paid[charge])
        asked = funded._get_asked()
        covered = funded.filtered(
            lambda charge: (
                charge.currency_id.compare_amounts(paid[charge], asked[charge]) >= 0
            )
        )
        fresh = covered.filtered(lambda charge: charge.state == "open")
        fresh._mark_paid()
        (visits - covered).filtered(
            lambda charge: charge.state == "paid"
        )._as_engine().state = "open"

    def _sync_paid(self):
        """States of posted charges by what the ledger says is due of them."""
        billed = self.filtered(
            lambda charge: charge.posted_on and charge.state != "cancelled"
        )
        billed -= billed._note_unposted()
        if not billed:
            return
        left = billed._get_left()
        covered = billed.filtered(
            lambda charge: charge.currency_id.is_zero(left[charge].due)
        )
        fresh = covered.filtered(lambda charge: charge.state != "paid")
        asked = fresh.filtered(lambda charge: left[charge].total or not charge.amount)
        asked._mark_paid()
        # Taken back in whole: nothing is due, and no wish has been paid.
        (fresh - asked)._as_engine().state = "paid"
        (billed - covered).filtered(
            lambda charge: charge.state != "invoiced"
        )._as_engine().state = "invoiced"

    def _note_unposted(self):
        """Charges whose invoices have been cancelled, by who may: they are to come.

        :return: the charges of which nothing is posted now
        """
        states = {
            charge: set(charge.move_line_ids.mapped("parent_state")) for charge in self
        }
        gone = self.filtered(lambda charge: states[charge] <= {"cancel"})
        gone._as_engine().write({"posted_on": False, "state": "open"})
        drafts = self.filtered(lambda charge: states[charge] == {"draft"})
        drafts._as_engine().write({"state": "invoiced"})
        return gone | drafts

    def _mark_paid(self):
        """Nothing is due of the charges; the wishes that they fulfil are paid, too."""
        self._as_engine().write({"state": "paid", "paid_at": self.env.cr.now()})
        if requests := self.appointment_id.request_id:
            requests._mark_paid()
