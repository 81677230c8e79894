from itertools import chain

from odoo import api, fields, models

from ...tools.prepayment import is_late

BOOKED_STATES = {"booked"}
MOVABLE = {"booked", "confirmed"}
LOST_STATES = {"cancelled", "no_show", "expired"}


class ClinicAppointment(models.Model):
    _name = "clinic.appointment"
    _inherit = ["clinic.appointment", "clinic.payer.mixin"]

    charge_ids = fields.One2many("clinic.charge", "appointment_id", string="Charges")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_due = fields.Monetary(
        compute="_compute_amount_due",
        compute_sudo=True,
        help="What the visit still asks of the patient: its price with taxes, less what"
        " is paid or waits on the account for it.",
    )

    def _compute_amount_due(self):
        # The desk sees whether a visit is paid, not the ledger behind it.
        charges = (
            self.env["clinic.charge"]
            .sudo()
            .search(
                [
                    ("appointment_id", "in", self.ids),
                    ("state", "in", ("open", "invoiced")),
                    ("is_private", "=", True),
                ]
            )
        )
        left = charges._get_left()
        by_visit = charges.grouped("appointment_id")
        for appointment in self:
            some = by_visit.get(appointment._origin, ())
            appointment.amount_due = sum(left[charge].due for charge in some)

    @api.model
    def _get_board_marks(self, visits):
        marks = super()._get_board_marks(visits)
        # Sudo: the desk sees whether a visit is paid, not the ledger behind it. The
        # state of a charge follows what is left of it, and costs a board one statement.
        unpaid = (
            self.env["clinic.charge"]
            .sudo()
            .search_fetch(
                [
                    ("appointment_id", "in", visits.ids),
                    ("state", "in", ("open", "invoiced")),
                    ("is_private", "=", True),
                    ("amount", ">", 0),
                ],
                ["appointment_id"],
            )
        )
        for visit_id in unpaid.appointment_id.ids:
            marks[visit_id] = [*marks.get(visit_id, ()), "unpaid"]
        return marks

    def _prepare_quote(self):
        """What would be charged if the hold became a visit now, with its reason."""
        return self._prepare_quotes()[self]

    def _prepare_quotes(self):
        """Prices of all visits by as many statements as of one."""
        # Prices come from profiles and lists that the desk may not read.
        lines = self.sudo()._prepare_charges()
        self.env["clinic.charge"].sudo()._apply_packages(list(chain(*lines.values())))
        reasons = self.env["clinic.charge"]._fields["price_reason"]
        labels = dict(reasons._description_selection(self.env))
        return {
            visit: bool(some)
            and {
                "amount": visit_sudo.currency_id.format(
                    sum(one["price"] for one in _get_own(some))
                ),
                "reason": labels[some[0]["price_reason"]],
            }
            for visit, (visit_sudo, some) in zip(self, lines.items(), strict=True)
        }

    def _after_state_change(self, old, new):
        result = super()._after_state_change(old, new)
        # Moving the visit was allowed; its charges follow it.
        charges = self.sudo().charge_ids
        if new in BOOKED_STATES and old in (None, "hold"):
            self._create_charges()
        elif new in LOST_STATES:
            self.sudo()._create_fees(old, new)
            charges.filtered(lambda charge: charge.kind == "service")._cancel()
        elif old in LOST_STATES:
            charges._cancel()
            self._create_charges()
        elif new == "done":
            # Whoever ends the visit need not be allowed to see money.
            charges._post_rendered()
            # What had been posted and paid before is rendered now.
            self.env["clinic.receipt"]._note_differences(charges)
        return result

    def _create_charges(self):
        """Price the visits, and what is sold with them, once: now, when booked."""
        # Pricing reads profiles and price lists that the desk may not see.
        visits = self.sudo().filtered("patient_id")
        vals_list = list(chain(*visits._prepare_charges().values()))
        charges = self.env["clinic.charge"].sudo()
        charges._apply_packages(vals_list, is_booking=True)
        self.env["clinic.share.rule"].sudo()._share(vals_list)
        charges._cover(charges.create(vals_list).payer_id)
        self.env["clinic.visit.profile"].sudo()._open_for(visits)
        visits._demand_prepayments()

    def _create_fees(self, old, new):
        """Fees for visits given up late or missed, where the branch takes them."""
        fees = self.env["clinic.charge"]
        if new == "no_show":
            fees._create_fees("no_show", self)
        elif new == "cancelled" and old in MOVABLE:
            now = self.env.cr.now()
            fees._create_fees(
                "late_cancel",
                self.filtered(
                    lambda visit: (
                        visit.cancel_reason_id.takes_fee
                        and is_late(now, visit.start, visit.branch_id._get_notice())
                    )
                ),
            )

    def _after_move(self, before):
        result = super()._after_move(before)
        # Whoever may move the visit need not be allowed to write charges.
        self.sudo().charge_ids.filtered(
            lambda charge: (
                charge.kind == "service"
                and charge.state != "cancelled"
                and not charge.posted_on
            )
        )._follow_visit()
        self.sudo()._leave_lost_payers()
        self.env["clinic.charge"].sudo()._cover(self.sudo().charge_ids.payer_id)
        self.sudo()._demand_prepayments()
        return result

    @api.model
    def _prepare_appointment_vals(self, slot, place, vals):
        """A payer of many visits pays for those on whose day they pay."""
        prepared = super()._prepare_appointment_vals(slot, place, vals)
        if standing := vals.get("standing_payer_id"):
            paid = {**prepared, "payer_id": standing}
            if not self.new(paid)._filtered_lost_payer():
                return paid
        return prepared

    def write(self, vals):
        result = super().write(vals)
        if {"payer_id", "payment_source_id"} & vals.keys():
            # Who changes the payer of a visit need not be allowed to write charges.
            self.sudo()._follow_payer()
        return result

    def _follow_payer(self):
        """Whoever pays now is charged for what is not invoiced yet: the price stays as
        agreed, and is shared as the payment source says."""
        charges = self.charge_ids.filtered(lambda charge: charge.kind == "service")
        live = charges._filtered_coming() | charges._filtered_draws()
        payers = live.payer_id
        for (visit, service), some in live.grouped(
            lambda charge: (charge.appointment_id, charge.service_id)
        ).items():
            some._share_anew(visit._split_anew(service, some))
        self.charge_ids._cover(payers | self.charge_ids.payer_id)
        self._demand_prepayments()

    def _split_anew(self, service, charges):
        """Values of the charges that take the place of ``charges`` for ``service``."""
        if draws := charges.filtered("package_id"):
            profiles = draws._get_profiles(self)
            vals = self._prepare_charge_vals(service, profiles)
        else:
            vals = {
                **charges[0]._prepare_agreed_vals(),
                "price": sum(charges.mapped("price")),
                "payer_id": (self.payer_id or self._get_default_payer()).id,
                "payment_source_id": self.payment_source_id.id,
            }
        return self._split_copay(vals)

    def _leave_lost_payers(self):
        """Who does not pay any more on the day of the visit is not asked to."""
        self.charge_ids._renew_payers()
        self._filtered_lost_payer()._as_engine().write({"payer_id": False})

    def _prepare_charges(self):
        """{visit: values of its charges}; profiles and lists are read once for all."""
        charges = self.env["clinic.charge"]
        profiles = charges._get_profiles(self)
        services = {visit: visit._get_charged_services() for visit in self}
        # Everything that is asked service by service below.
        self.env["product.product"].union(*services.values()).mapped("lst_price")
        listed = charges._get_list_prices(
            [
                (visit.branch_id, service, visit._get_local_date())
                for visit, some in services.items()
                for service in some
            ]
        )
        return {
            visit: [
                part
                for service in some
                if (vals := visit._prepare_charge_vals(service, profiles, listed))
                for part in visit._split_copay(vals)
            ]
            for visit, some in services.items()
        }

    def _split_copay(self, vals):
        """One charge, or that of the insurer and what the patient adds to it."""
        source = self.payment_source_id
        own = self.currency_id.round(vals["price"] * source.copay_percent / 100)
        if not source.partner_id or not own:
            return [vals]
        patient_vals = {
            **vals,
            "price": own,
            "payer_id": self.patient_id._get_private_payer(vals["date"]).id,
            "payment_source_id": False,
        }
        rest = self.currency_id.round(vals["price"] - own)
        return [{**vals, "price": rest}, patient_vals] if rest else [patient_vals]

    def _get_charged_services(self):
        """The service of the visit and what is sold with it."""
        return self.service_id | self.service_id.companion_ids

    def _get_payer_day(self):
        return self._get_local_date()

    def _get_local_date(self):
        """Day of the visit in branch time."""
        return fields.Datetime.context_timestamp(
            self.with_context(tz=self.branch_id.tz), self.start
        ).date()

    def _prepare_charge_vals(self, service, profiles, listed=None):
        """Values of the charge for ``service``; what costs nothing is not charged."""
        self.ensure_one()
        charges = self.env["clinic.charge"]
        date = self._get_local_date()
        profile = charges._pick_profile(profiles, service, self, date)
        price = charges._get_price(
            service, self.patient_id, self.branch_id, profile, date, listed
        )
        return price.price and {
            "appointment_id": self.id,
            "request_id": self.request_id.id,
            "patient_id": self.patient_id.id,
            "service_id": service.id,
            "specialist_id": self.specialist_id.id,
            "branch_id": self.branch_id.id,
            "company_id": self.branch_id.company_id.id,
            "date": date,
            "list_price": price.list_price,
            "price": price.price,
            "discount": price.discount,
            "price_reason": price.reason,
            "share": profile.specialist_share,
            "payer_id": (self.payer_id or self._get_default_payer()).id,
            "payment_source_id": self.payment_source_id.id,
        }

    def _get_default_payer(self):
        """Who pays by the source, by the card on that day, or the patient."""
        return self.payment_source_id.partner_id or self.patient_id._get_private_payer(
            self._get_local_date()
        )


def _get_own(vals_list):
    """What the patient pays of a price; all of it where somebody else does."""
    return [vals for vals in vals_list if not vals["payment_source_id"]] or vals_list
