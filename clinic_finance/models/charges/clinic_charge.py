from bisect import bisect
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.clinic_base.tools.walltime import to_utc

from ...tools.pricing import PriceSources, price_of

RESOLUTION = timedelta(microseconds=1)


class ClinicCharge(models.Model):
    """One service owed for one patient by one payer from one source.

    Priced once, when the visit is booked; invoices are made from charges.
    """

    _name = "clinic.charge"
    _description = "Charge"
    _inherit = ["clinic.archive.mixin", "clinic.touch.mixin"]
    _order = "date desc, id desc"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    appointment_id = fields.Many2one(
        "clinic.appointment", index="btree_not_null", ondelete="restrict"
    )
    request_id = fields.Many2one(
        "clinic.booking.request", index="btree_not_null", ondelete="restrict"
    )
    service_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="restrict"
    )
    specialist_id = fields.Many2one(
        "clinic.specialist", index=True, ondelete="restrict"
    )
    branch_id = fields.Many2one("clinic.branch", index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, index=True, help="Day of the service, branch time."
    )
    qty = fields.Float(string="Quantity", default=1.0, digits="Product Unit")
    list_price = fields.Monetary(readonly=True)
    price = fields.Monetary(required=True, help="Of one, after the discount.")
    discount = fields.Float(string="Discount (%)", digits=(5, 2), readonly=True)
    share = fields.Float(
        string="Specialist's share (%)",
        digits=(5, 2),
        readonly=True,
        groups="clinic_base.group_accountant,clinic_base.group_clinic_manager",
    )
    share_fixed = fields.Monetary(
        string="Specialist's share (sum)",
        readonly=True,
        groups="clinic_base.group_accountant,clinic_base.group_clinic_manager",
    )
    share_rule_id = fields.Many2one(
        "clinic.share.rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="clinic_base.group_accountant,clinic_base.group_clinic_manager",
        help="Whose steps say the share, together with the month's other visits.",
    )
    share_amount = fields.Monetary(
        string="Specialist's share",
        compute="_compute_share_amount",
        store=True,
        precompute=True,
        groups="clinic_base.group_accountant,clinic_base.group_clinic_manager",
        help="Of the price at which the service was charged, or of its part of a"
        " package; before the steps of the month.",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True)
    price_reason = fields.Selection(
        [
            ("fixed", "Fixed for this patient"),
            ("profile_discount", "Discount for this patient"),
            ("category", "Discount of the category"),
            ("list", "Price list of the branch"),
            ("base", "Base price"),
            ("package", "From a package"),
            ("fee", "Fee of the branch"),
            ("manual", "By hand"),
        ],
        required=True,
        default="manual",
    )
    payer_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    payment_source_id = fields.Many2one("clinic.payment.source", ondelete="restrict")
    is_private = fields.Boolean(
        string="Paid by the patient",
        compute="_compute_is_private",
        store=True,
        precompute=True,
        help="Not by an insurer or an employer, whom the desk asks for nothing.",
    )
    kind = fields.Selection(
        [
            ("service", "Service"),
            ("package", "Package"),
            ("late_cancel", "Late cancellation"),
            ("no_show", "Missed visit"),
        ],
        required=True,
        default="service",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("open", "To invoice"),
            ("invoiced", "Invoiced"),
            ("paid", "Paid"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        index=True,
        readonly=True,
        copy=False,
    )
    error = fields.Char(readonly=True, copy=False, help="Why no invoice was made.")
    move_line_ids = fields.One2many(
        "account.move.line", "clinic_charge_id", string="Invoice lines", readonly=True
    )

    _once = models.UniqueIndex(
        "(appointment_id, service_id, payer_id)"
        " WHERE appointment_id IS NOT NULL AND state <> 'cancelled'",
        "This service of the visit is charged already.",
    )
    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price cannot be negative."
    )
    _to_invoice = models.Index("(date, id) WHERE state = 'open' AND active")

    @api.depends("qty", "price")
    def _compute_amount(self):
        for charge in self:
            charge.amount = charge.currency_id.round(charge.qty * charge.price)

    @api.depends("payment_source_id.partner_id")
    def _compute_is_private(self):
        for charge in self:
            charge.is_private = not charge.payment_source_id.partner_id

    @api.depends("amount", "share", "share_fixed", "qty", "package_id")
    def _compute_share_amount(self):
        for charge in self:
            earned = charge._get_earned() * charge.share / 100
            fixed = charge.qty * charge.share_fixed
            charge.share_amount = charge.currency_id.round(earned + fixed)

    def _get_earned(self):
        """What the clinic gets for the service: its price, or its part of a package."""
        package = self.package_id
        return package.amount / package.visits if package else self.amount

    @api.model
    def _prepare_share(self, profile):
        """Values of the share that ``profile`` says; none, where it says nothing."""
        share = profile.specialist_share
        return {"share": share, "share_rule_id": False} if share else {}

    @api.depends("service_id")
    def _compute_display_name(self):
        for charge in self:
            charge.display_name = self.env._("Charge %(id)s", id=charge.id)

    # === PRICE === #

    @api.model
    def _get_price(self, service, patient, branch, profile, date, listed=None):
        """Price of ``service`` for ``patient`` on ``date``, as ``tools.pricing.Price``.

        In the branch company's currency, rounded to it.

        :param profile: the visit profile in force (:meth:`_pick_profile`), or none
        :param listed: prices read before (:meth:`_get_list_prices`)
        """
        if listed is None:
            listed = self._get_list_prices([(branch, service, date)])
        price = price_of(
            PriceSources(
                base_price=service.lst_price,
                list_price=listed.get((branch, service, date)),
                category_discount=patient.category_id.discount,
                profile_mode=profile.price_mode or None,
                profile_price=profile.price,
                profile_discount=profile.discount,
            )
        )
        currency = branch.company_id.currency_id
        return replace(price, price=currency.round(price.price))

    @api.model
    def _get_list_prices(self, asked):
        """{(branch, service, day): price on the branch's list}, for those with a list.

        A list is read once for all days between two changes of its rules, so that
        statements do not grow with services and days.

        :param asked: pairs of branch and service with the day, in branch time
        """
        asked = [one for one in asked if one[0].pricelist_id]
        if not asked:
            return {}
        changes = self._get_price_changes()
        groups = defaultdict(list)
        for branch, service, date in asked:
            # A mere date would meet rules of both its ends in UTC.
            moment = to_utc(date, 0, branch.tz)
            key = (branch.pricelist_id, branch.company_id, bisect(changes, moment))
            groups[key].append((moment, (branch, service, date)))
        prices = {}
        for (pricelist, company, _period), some in groups.items():
            services = self.env["product.product"].union(*(key[1] for _, key in some))
            found = pricelist._get_products_price(
                services.with_company(company), 1.0, date=some[0][0]
            )
            prices |= {key: found[key[1].id] for _moment, key in some}
        return prices

    @api.model
    def _get_price_changes(self):
        """Moments (UTC) from which other rules of price lists hold, in order."""
        rules = self.env["product.pricelist.item"].search_fetch(
            ["|", ("date_start", "!=", False), ("date_end", "!=", False)],
            ["date_start", "date_end"],
        )
        starts = [rule.date_start for rule in rules if rule.date_start]
        # Odoo's last moment is part of the rule.
        stops = [rule.date_end + RESOLUTION for rule in rules if rule.date_end]
        return sorted({*starts, *stops})

    @api.model
    def _get_profiles(self, visits):
        """Every visit profile that may price one of ``visits``, in one search."""
        return self.env["clinic.visit.profile"].search_fetch(
            [
                ("patient_id", "in", visits.patient_id.ids),
                ("specialist_id", "in", visits.specialist_id.ids),
            ]
        )

    @api.model
    def _pick_profile(self, profiles, service, visit, date):
        """The one of ``profiles`` in force for ``visit`` on ``date``; else empty."""
        return profiles.filtered(
            lambda profile: (
                profile.patient_id == visit.patient_id
                and profile.specialist_id == visit.specialist_id
                and profile.service_id == service
                and profile.date_from <= date
                and (not profile.date_to or date <= profile.date_to)
            )
        )[:1]

    # === MOVES === #

    def _follow_visit(self):
        """Day, place, specialist and the specialist's share are those of the visit as
        it stands now; the price stays as it was agreed."""
        profiles = self._get_profiles(self.appointment_id)
        vals_list = []
        for charge in self:
            visit = charge.appointment_id
            date = visit._get_local_date()
            profile = charge._pick_profile(profiles, charge.service_id, visit, date)
            vals_list.append(
                {
                    "appointment_id": visit.id,
                    "patient_id": charge.patient_id.id,
                    "service_id": charge.service_id.id,
                    "specialist_id": visit.specialist_id.id,
                    "branch_id": visit.branch_id.id,
                    "company_id": charge.company_id.id,
                    "date": date,
                    "share": profile.specialist_share,
                    "share_fixed": 0.0,
                    "share_rule_id": False,
                }
            )
        self.env["clinic.share.rule"]._share(vals_list)
        for charge, vals in zip(self, vals_list, strict=True):
            del vals["company_id"]
            charge._as_engine().write(vals)

    # === STATES === #

    def _touch(self):
        """Hold the charges; what somebody has paid meanwhile is read anew."""
        result = super()._touch()
        self.invalidate_recordset(["state"])
        return result

    def _cancel(self):
        """Withdraw charges of a visit that fell through.

        What has been posted of them, and nothing else of their invoices, is taken back
        by a credit note; what was paid stays on the account as an advance.
        """
        charges = self.filtered(lambda charge: charge.state != "cancelled")
        with self.env["clinic.receipt"]._telling():
            charges.filtered(lambda charge: charge.kind == "package")._release_package()
            charges._as_engine().write({"state": "cancelled"})
            charges._take_back()
            self.env["clinic.payment.request"]._note_withdrawn(charges)
            self._cover(charges.payer_id)
