from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.models.walls.clinic_archive_mixin import ARCHIVE_FIELDS

# What whoever sells a package chooses; the rest follows from the offer and the day.
CHOSEN = frozenset({"patient_id", "product_id", "branch_id"})


class ClinicPackage(models.Model):
    """Visits of one service that a patient has bought at once.

    Sold as a charge of its own; once that is paid, every visit draws one by a numbered
    charge without a price, until none is left or the term is over.
    """

    _name = "clinic.package"
    _description = "Package of visits"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin", "clinic.touch.mixin"]
    _order = "expires_on, id"
    _created_by_engine = False
    # Sales and draws go on as superuser once they have checked who calls.
    _engine_is_superuser = True

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Package",
        required=True,
        ondelete="restrict",
        domain=[("package_service_id", "!=", False)],
    )
    branch_id = fields.Many2one(
        "clinic.branch",
        string="Sold in",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env["clinic.branch"].search([], limit=1),
    )
    company_id = fields.Many2one(related="branch_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    service_id = fields.Many2one(
        "product.product",
        compute="_compute_terms",
        store=True,
        precompute=True,
        index=True,
        ondelete="restrict",
    )
    visits = fields.Integer(compute="_compute_terms", store=True, precompute=True)
    date = fields.Date(
        string="Sold on",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    expires_on = fields.Date(
        string="Last day",
        compute="_compute_terms",
        store=True,
        precompute=True,
        readonly=False,
    )
    charge_id = fields.Many2one("clinic.charge", readonly=True, ondelete="restrict")
    amount = fields.Monetary(related="charge_id.amount")
    draw_ids = fields.One2many(
        "clinic.charge",
        "package_id",
        string="Visits drawn",
        readonly=True,
        domain=[("state", "!=", "cancelled")],
    )
    left = fields.Integer(string="Visits left", compute="_compute_left")
    state = fields.Selection(
        [
            ("unpaid", "Not paid"),
            ("ready", "In use"),
            ("used", "Used up"),
            ("expired", "Expired"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_left",
    )

    _charge_once = models.Constraint(
        "UNIQUE (charge_id)", "This charge has its package already."
    )

    @api.depends("product_id", "date")
    def _compute_terms(self):
        for package in self:
            product = package.product_id
            package.service_id = product.package_service_id
            package.visits = product.package_visits
            package.expires_on = package.date and package.date + timedelta(
                days=product.package_days
            )

    @api.depends("visits", "expires_on", "charge_id.state", "draw_ids.state")
    def _compute_left(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        drawn = dict(
            self.env["clinic.charge"]._read_group(
                [("package_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["package_id"],
                ["__count"],
            )
        )
        for package in self:
            package.left = package.visits - drawn.get(package._origin, 0)
            package.state = package._get_state(today)

    def _get_state(self, today):
        if self.charge_id.state == "cancelled":
            return "cancelled"
        if self.charge_id.state != "paid":
            return "unpaid"
        if not self.left:
            return "used"
        return "expired" if self.expires_on < today else "ready"

    @api.depends("product_id")
    def _compute_display_name(self):
        for package in self:
            package.display_name = package.product_id.display_name

    @api.model_create_multi
    def create(self, vals_list):
        """Charge the patient for what is sold; its term is that of the offer.

        :raises UserError: for a term of one's own
        """
        if not self._is_engine() and any("expires_on" in vals for vals in vals_list):
            self._raise_engine_only()
        packages = super().create(vals_list)
        for package in packages:
            if not package.service_id:
                raise UserError(
                    self.env._(
                        "“%s” is no package: say in the service what it is a package"
                        " of.",
                        package.product_id.display_name,
                    )
                )
            # Who may sell a package need not be allowed to write charges.
            package.sudo().charge_id = package.sudo()._create_charge()
        # Free money of the account pays it at once, whoever sells it.
        self.env["clinic.match"].sudo()._match(packages.sudo().charge_id.payer_id)
        return packages

    def write(self, vals):
        """Only the last day may move, by who may waive a fee, too.

        :raises UserError: for anything else: a package stays as it was sold
        :raises AccessError: for others than chief registrars and finance managers
        """
        if "expires_on" in vals and not self._is_engine():
            self.env["clinic.charge"]._check_may_waive()
        return super().write(vals)

    @api.model
    def _get_engine_fields(self):
        return self._fields.keys() - ARCHIVE_FIELDS - {"expires_on"}

    @api.model
    def _get_creation_fields(self):
        return CHOSEN

    def _raise_engine_only(self):
        raise UserError(self.env._("A package stays as it was sold."))

    def _create_charge(self):
        charges = self.env["clinic.charge"]
        no_profile = self.env["clinic.visit.profile"]
        price = charges._get_price(
            self.product_id, self.patient_id, self.branch_id, no_profile, self.date
        )
        return charges.create(
            {
                "kind": "package",
                "patient_id": self.patient_id.id,
                "service_id": self.product_id.id,
                "branch_id": self.branch_id.id,
                "company_id": self.company_id.id,
                "date": self.date,
                "list_price": price.list_price,
                "price": price.price,
                "discount": price.discount,
                "price_reason": price.reason,
                "payer_id": self.patient_id._get_private_payer().id,
            }
        )

    def action_cancel(self):
        """Take back a package of which nothing has been drawn.

        :raises UserError: some of its visits have been drawn already
        """
        self.check_access("write")
        if self.filtered("draw_ids"):
            raise UserError(
                self.env._("Some visits have been drawn from this package already.")
            )
        # The right to change the package has been checked; its charge follows.
        self.sudo().charge_id._cancel()
        return True

    # === DRAWING === #

    @api.model
    def _find_for(self, patients):
        """Packages that ``patients`` may draw from, earliest end first."""
        return self.search(
            [("patient_id", "in", patients.ids), ("charge_id.state", "=", "paid")]
        )

    def _get_free_numbers(self):
        """{package: numbers of its visits that nobody has drawn, in order}."""
        if not self:
            return {}
        drawn = self.env["clinic.charge"].search(
            [("package_id", "in", self.ids), ("state", "!=", "cancelled")]
        )
        taken = {(charge.package_id.id, charge.package_number) for charge in drawn}
        return {
            package: [
                number
                for number in range(1, package.visits + 1)
                if (package.id, number) not in taken
            ]
            for package in self
        }

    def _cover(self, vals_list):
        """Let the packages ``self`` pay for the charges of ``vals_list`` they cover."""
        free = self._get_free_numbers()
        for vals in vals_list:
            if self._is_paid_by_others(vals):
                continue
            package = self._pick(
                free, vals["patient_id"], vals["service_id"], vals["date"]
            )
            if package:
                number = free[package].pop(0)
                vals.update(self.env["clinic.charge"]._prepare_draw(package, number))

    @api.model
    def _is_paid_by_others(self, vals):
        """Whether an insurer or an employer pays, perhaps with a part of the
        patient's."""
        visits = self.env["clinic.appointment"].browse(vals["appointment_id"])
        return bool(visits.payment_source_id.partner_id)

    @api.model
    def _pick(self, free, patient_id, service_id, date):
        """The package of ``free`` that ends first and pays on ``date``."""
        return next(
            (
                package
                for package, numbers in free.items()
                if numbers
                and package.patient_id.id == patient_id
                and package.service_id.id == service_id
                and package.date <= date <= package.expires_on
            ),
            None,
        )

    def _draw(self):
        """A package that has just been paid pays for visits booked before it."""
        coming = (
            self.env["clinic.charge"]
            .search(
                [
                    ("patient_id", "in", self.patient_id.ids),
                    ("service_id", "in", self.service_id.ids),
                    ("state", "in", ["open", "paid"]),
                    ("posted_on", "=", False),
                    ("package_id", "=", False),
                    ("appointment_id.state", "in", ["booked", "confirmed"]),
                ],
                order="date, id",
            )
            .filtered(
                lambda charge: not charge.appointment_id.payment_source_id.partner_id
            )
        )
        self._touch()
        free = self._get_free_numbers()
        for charge in coming:
            package = self._pick(
                free, charge.patient_id.id, charge.service_id.id, charge.date
            )
            if package:
                charge._as_engine().write(
                    charge._prepare_draw(package, free[package].pop(0))
                )

    def _give_up_draws(self):
        """Visits to come that were drawn from the packages are charged anew."""
        draws = self.draw_ids.filtered(
            lambda draw: (
                not draw.posted_on
                and draw.appointment_id.state in ("booked", "confirmed")
            )
        )
        visits = draws.appointment_id
        draws._cancel()
        visits._create_charges()
