from datetime import timedelta

from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.pricing import PriceSources, price_of

# For whom, with whom and when: where a price is agreed, a part of the agreement.
AGREED = frozenset(
    ("patient_id", "specialist_id", "service_id", "date_from", "date_to", "active")
)
TERMS = ("price_mode", "price", "discount", "specialist_share", "contract_number")


class ClinicVisitProfile(models.Model):
    _inherit = "clinic.visit.profile"

    currency_id = fields.Many2one(related="company_id.currency_id")
    price_mode = fields.Selection(
        [("list", "By the price list"), ("fixed", "Fixed"), ("discount", "Discount")],
        required=True,
        default="list",
    )
    price = fields.Monetary(help="For a fixed price.")
    discount = fields.Float(string="Discount (%)", digits=(5, 2))
    specialist_share = fields.Float(
        string="Specialist's share (%)",
        digits=(5, 2),
        groups="clinic_base.group_accountant,clinic_base.group_clinic_manager",
    )
    contract_number = fields.Char()

    _price_positive = models.Constraint(
        "CHECK (price >= 0)", "A price cannot be negative."
    )
    _discount_percent = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "A discount is between 0 and 100 percent."
    )
    _share_percent = models.Constraint(
        "CHECK (specialist_share BETWEEN 0 AND 100)",
        "A share is between 0 and 100 percent.",
    )

    list_price = fields.Monetary(
        compute="_compute_pays",
        help="Today's price on the list of the branch where the patient was last, or is"
        " booked; else the service's own.",
    )
    pays = fields.Monetary(compute="_compute_pays", help="Price after all discounts.")
    saves = fields.Float(
        string="Below the list (%)", compute="_compute_pays", digits=(5, 1)
    )
    price_reason = fields.Selection(
        selection=lambda self: self._get_reasons(),
        string="Why",
        compute="_compute_pays",
    )

    @api.model
    def _get_bounds(self):
        return {**super()._get_bounds(), "price": (0, 10**9)}

    @api.model
    def _get_reasons(self):
        charges = self.env["clinic.charge"]
        return charges._fields["price_reason"]._description_selection(self.env)

    @api.depends(
        "service_id",
        "patient_id.category_id.discount",
        "price_mode",
        "price",
        "discount",
    )
    def _compute_pays(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        places = {
            profile: (branch, profile.service_id, today)
            for profile, branch in self._get_branches().items()
        }
        # What a list says is no secret to whoever sees the profile.
        charges = self.env["clinic.charge"].sudo()
        listed = charges._get_list_prices(list(places.values()))
        for profile in self:
            found = price_of(
                PriceSources(
                    base_price=profile.service_id.lst_price,
                    list_price=listed.get(places[profile]),
                    category_discount=profile.patient_id.category_id.discount,
                    profile_mode=profile.price_mode,
                    profile_price=profile.price,
                    profile_discount=profile.discount,
                )
            )
            profile.list_price = found.list_price
            profile.pays = profile.currency_id.round(found.price)
            below = found.list_price - found.price
            profile.saves = below / found.list_price * 100 if found.list_price else 0.0
            profile.price_reason = found.reason

    def _get_branches(self):
        """``{profile: branch of the last visit that it is for}``; before the first one
        that of its room, or none."""
        # Where somebody receives is no secret to whoever sees the profile.
        profiles = self.sudo()
        last = {}
        for *key, branch, start in (
            self.env["clinic.appointment"]
            .sudo()
            ._read_group(
                [
                    ("patient_id", "in", profiles.patient_id.ids),
                    ("specialist_id", "in", profiles.specialist_id.ids),
                    ("service_id", "in", profiles.service_id.ids),
                ],
                ["patient_id", "specialist_id", "service_id", "branch_id"],
                ["start:max"],
            )
        ):
            known = last.get(tuple(key))
            if not known or known[0] < start:
                last[tuple(key)] = (start, branch)
        branches = {}
        for profile, own in zip(self, profiles, strict=True):
            key = (own.patient_id, own.specialist_id, own.service_id)
            branches[profile] = last[key][1] if key in last else own.room_id.branch_id
        return branches

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_terms(vals)
        return super().create(vals_list)

    def write(self, vals):
        """:raises AccessError: prices are changed by finance managers alone; the desk
        sets length and room, and dates where no price has been agreed"""
        self._check_terms(vals)
        if AGREED & vals.keys() and self.filtered(
            lambda profile: profile.price_mode != "list"
        ):
            self._check_sets_prices()
        return super().write(vals)

    @api.model
    def _check_terms(self, vals):
        if not vals.keys().isdisjoint((*TERMS, "company_id")):
            self._check_sets_prices()

    @api.model
    def _check_sets_prices(self):
        manager = self.env.user.has_group("clinic_base.group_finance_manager")
        if not self.env.su and not manager:
            raise AccessError(self.env._("Prices are changed by finance managers."))

    # === OPENING, REVISING === #

    @api.model
    def _open_for(self, visits):
        """Profiles by the price list for pairs that meet for the first time.

        They follow the list until somebody fixes a price in them.
        """
        known = self.with_context(active_test=False)._read_group(
            [
                ("patient_id", "in", visits.patient_id.ids),
                ("specialist_id", "in", visits.specialist_id.ids),
            ],
            ["patient_id", "specialist_id", "service_id"],
        )
        new = {}
        for visit in visits.sorted("start"):
            key = (visit.patient_id, visit.specialist_id, visit.service_id)
            if key not in known:
                new.setdefault(key, visit)
        vals_list = [
            {
                "patient_id": patient.id,
                "specialist_id": specialist.id,
                "service_id": service.id,
                "company_id": visit.company_id.id,
                "date_from": fields.Date.context_today(self, self.env.cr.now()),
            }
            for (patient, specialist, service), visit in new.items()
        ]
        return self._create_missing(vals_list)

    @api.model
    def _create_missing(self, vals_list):
        """Profiles for ``vals_list``, without those that somebody else opens meanwhile.

        Two who book the first visits of a pair at the same moment both find none; the
        database lets one of them be opened, and both bookings stand.
        """
        if not vals_list:
            return self.browse()
        try:
            with self.env.cr.savepoint():
                return self.create(vals_list)
        except ExclusionViolation:
            if len(vals_list) == 1:
                return self.browse()
        return self.concat(*(self._create_missing([vals]) for vals in vals_list))

    def _revise(self, date, terms, reprice=True):
        """Other terms from ``date`` on; what was before stays as it was.

        :param date: first day of the new terms, in branch time
        :param terms: values of TERMS
        :param reprice: also the visits from that day on that are booked already and
            not invoiced yet
        :return: the profiles in force from ``date``
        :raises UserError: a profile has ended before that day
        """
        if self.filtered(lambda one: one.date_to and one.date_to < date):
            raise UserError(
                self.env._("A profile has ended before that day: open a new one.")
            )
        revised = self.browse()
        for profile in self:
            if profile.date_from >= date:
                profile.write(terms)
                revised |= profile
                continue
            last = profile.date_to
            profile.date_to = date - timedelta(days=1)
            # Out of the way of the new one, which the database checks at once.
            profile.flush_recordset()
            revised |= profile.copy({**terms, "date_from": date, "date_to": last})
        if reprice:
            revised._reprice(date)
        return revised

    def _reprice(self, date):
        """Price again what is booked from ``date`` on and not invoiced yet."""
        charges = (
            self.env["clinic.charge"]
            .search(
                [
                    ("patient_id", "in", self.patient_id.ids),
                    ("specialist_id", "in", self.specialist_id.ids),
                    ("service_id", "in", self.service_id.ids),
                    ("posted_on", "=", False),
                    ("kind", "=", "service"),
                    ("date", ">=", date),
                ]
            )
            ._filtered_coming()
        )
        for charge in charges:
            visit = charge.appointment_id
            profile = charges._pick_profile(self, charge.service_id, visit, charge.date)
            if profile:
                price = charges._get_price(
                    charge.service_id,
                    charge.patient_id,
                    charge.branch_id,
                    profile,
                    charge.date,
                )
                # Of a price that is shared, the charge is the payer's part.
                parts = visit._split_copay(
                    {
                        "price": price.price,
                        "date": charge.date,
                        "payer_id": (visit.payer_id or visit._get_default_payer()).id,
                        "payment_source_id": visit.payment_source_id.id,
                    }
                )
                own = {part["payer_id"]: part["price"] for part in parts}
                if charge.payer_id.id not in own:
                    continue
                charge._as_engine().write(
                    {
                        "list_price": price.list_price,
                        "price": own[charge.payer_id.id],
                        "discount": price.discount,
                        "price_reason": price.reason,
                        **charge._prepare_share(profile),
                    }
                )
        charges._cover(charges.payer_id)
