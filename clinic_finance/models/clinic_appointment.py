from odoo import api, fields, models

BOOKED_STATES = {"booked"}
LOST_STATES = {"cancelled", "no_show", "expired"}


class ClinicAppointment(models.Model):
    _inherit = "clinic.appointment"

    charge_ids = fields.One2many("clinic.charge", "appointment_id", string="Charges")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_due = fields.Monetary(
        compute="_compute_amount_due",
        compute_sudo=True,
        help="What is charged for the visit and not paid yet.",
    )

    def _compute_amount_due(self):
        # The desk sees whether a visit is paid, not the ledger behind it.
        totals = dict(
            self.env["clinic.charge"]
            .sudo()
            ._read_group(
                [
                    ("appointment_id", "in", self.ids),
                    ("state", "in", ("open", "invoiced")),
                ],
                ["appointment_id"],
                ["amount:sum"],
            )
        )
        for appointment in self:
            appointment.amount_due = totals.get(appointment, 0.0)

    @api.model
    def _get_board_marks(self, visits):
        marks = super()._get_board_marks(visits)
        # The desk sees that a visit is not paid, not the ledger behind it.
        owing = (
            self.env["clinic.charge"]
            .sudo()
            ._read_group(
                [
                    ("appointment_id", "in", visits.ids),
                    ("state", "in", ("open", "invoiced")),
                    ("amount", ">", 0),
                ],
                ["appointment_id"],
            )
        )
        for (visit,) in owing:
            marks[visit.id] = [*marks.get(visit.id, ()), "unpaid"]
        return marks

    def _prepare_quote(self):
        """What would be charged if the hold became a visit now, with its reason."""
        # Prices come from profiles and lists that the desk may not read.
        visit = self.sudo()
        profiles = visit.env["clinic.charge"]._get_profiles(visit)
        lines = [
            vals
            for service in visit.service_id | visit.service_id.companion_ids
            if (vals := visit._prepare_charge_vals(service, profiles))
        ]
        if not lines:
            return super()._prepare_quote()
        reasons = visit.env["clinic.charge"]._fields["price_reason"]
        labels = dict(reasons._description_selection(self.env))
        return {
            "amount": visit.currency_id.format(sum(one["price"] for one in lines)),
            "reason": labels[lines[0]["price_reason"]],
        }

    def _after_state_change(self, old, new):
        result = super()._after_state_change(old, new)
        if new in BOOKED_STATES and old in (None, "hold"):
            self._create_charges()
        elif new in LOST_STATES:
            # Moving the visit was allowed; its charges follow it.
            self.sudo().charge_ids._cancel()
        elif new == "done":
            # Whoever ends the visit need not be allowed to see receipts.
            self.env["clinic.receipt"].sudo()._create_offsets(self.sudo())
        return result

    def _create_charges(self):
        """Price the visits, and what is sold with them, once: now, when booked."""
        # Pricing reads profiles and price lists that the desk may not see.
        visits = self.sudo().filtered("patient_id")
        charges = self.env["clinic.charge"].sudo()
        profiles = charges._get_profiles(visits)
        charges.create(
            [
                vals
                for visit in visits
                for service in visit.service_id | visit.service_id.companion_ids
                if (vals := visit._prepare_charge_vals(service, profiles))
            ]
        )

    def _prepare_charge_vals(self, service, profiles):
        """Values of the charge for ``service``; what costs nothing is not charged."""
        self.ensure_one()
        charges = self.env["clinic.charge"]
        date = fields.Datetime.context_timestamp(
            self.with_context(tz=self.branch_id.tz), self.start
        ).date()
        profile = charges._pick_profile(profiles, service, self, date)
        price = charges._get_price(
            service, self.patient_id, self.branch_id, profile, date
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
        """The payment source's payer, the patient's payer, or the patient."""
        return (
            self.payment_source_id.partner_id
            or self.patient_id.payer_id
            or self.patient_id.partner_id
        )

    def _get_price(self, pricelist=None):
        return sum(self.sudo().charge_ids.mapped("amount")) or super()._get_price(
            pricelist
        )
