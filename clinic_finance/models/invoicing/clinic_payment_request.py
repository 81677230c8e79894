from odoo import api, fields, models
from odoo.fields import Command


class ClinicPaymentRequest(models.Model):
    """What a payer is asked to pay: a document without an entry.

    It may ask for visits to come, whose money is an advance, and for what is owed. What
    has been paid of it is never kept: it is read from the charges.
    """

    _name = "clinic.payment.request"
    _description = "Request to pay"
    _inherit = [
        "clinic.engine.row.mixin",
        "clinic.archive.mixin",
        "clinic.payable.mixin",
    ]
    _order = "id desc"

    name = fields.Char(string="Number", required=True, readonly=True)
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_clinic_today()
    )
    payer_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    charge_ids = fields.Many2many("clinic.charge", string="Charges")
    patient_id = fields.Many2one("clinic.patient", compute="_compute_visit")
    appointment_id = fields.Many2one(
        "clinic.appointment", string="Visit", compute="_compute_visit"
    )
    amount = fields.Monetary(
        compute="_compute_state", compute_sudo=True, help="Asked, taxes included."
    )
    amount_due = fields.Monetary(
        string="To pay", compute="_compute_state", compute_sudo=True
    )
    state = fields.Selection(
        [
            ("asked", "Asked"),
            ("part", "Paid in part"),
            ("paid", "Paid"),
            ("withdrawn", "Withdrawn"),
        ],
        compute="_compute_state",
        compute_sudo=True,
    )
    transaction_ids = fields.One2many("payment.transaction", "clinic_request_id")
    link_ids = fields.One2many("clinic.payment.link", "request_id")

    _name_once = models.Constraint(
        "UNIQUE (name, company_id)", "This number is taken already."
    )

    @api.depends("charge_ids.patient_id", "charge_ids.appointment_id")
    def _compute_visit(self):
        for request in self:
            patients = request.charge_ids.patient_id
            visits = request.charge_ids.appointment_id
            request.patient_id = patients if len(patients) == 1 else False
            request.appointment_id = visits if len(visits) == 1 else False

    @api.depends("charge_ids.state")
    def _compute_state(self):
        left = self.charge_ids._get_left()
        for request in self:
            parts = [left[charge] for charge in request.charge_ids]
            currency = request.currency_id
            request.amount = currency.round(sum(part.total for part in parts))
            request.amount_due = currency.round(sum(part.due for part in parts))
            if set(request.charge_ids.mapped("state")) <= {"cancelled"}:
                request.state = "withdrawn"
            elif currency.is_zero(request.amount_due):
                request.state = "paid"
            elif currency.compare_amounts(request.amount_due, request.amount) < 0:
                request.state = "part"
            else:
                request.state = "asked"

    @api.model
    def _create_for(self, charges):
        """A request for each payer and visit, or month, of ``charges``."""
        groups = charges.grouped(charges._get_invoice_key)
        return self.create(
            [self._prepare_request(key[1], some) for key, some in groups.items()]
        )

    @api.model
    def _create_joint(self, charges):
        """One request for all ``charges``, of one payer and company."""
        return self.create(self._prepare_request(charges.payer_id, charges))

    @api.model
    def _prepare_request(self, payer, charges):
        company = charges.company_id
        sequence = self.env["ir.sequence"].with_company(company)
        return {
            "name": sequence.next_by_code(self._name),
            "payer_id": payer.id,
            "company_id": company.id,
            "charge_ids": [Command.set(charges.ids)],
        }

    def _open_link(self):
        """The link by which the request can be paid now; none if nothing is due.

        One that is over by its time is replaced.
        """
        self.ensure_one()
        link = self._get_live_link()
        if link and not link._is_link_live():
            link._withdraw_links()
            # Else the new one would come into the table before that.
            link.flush_recordset(["revoked_on"])
            link = link.browse()
        return link or link._create_for(self)

    def _send_links(self):
        """A link for each request with something to pay, and a message with it."""
        self.env["clinic.payment.link"]._create_for(self)._notify_patients()

    @api.model
    def _get_numbers(self, charges):
        """``{charge: numbers of its requests}``."""
        numbers = dict.fromkeys(charges, frozenset())
        for charge in charges.filtered("payment_request_ids"):
            numbers[charge] = frozenset(charge.payment_request_ids.mapped("name"))
        return numbers

    @api.model
    def _note_withdrawn(self, charges):
        """``charges`` are cancelled: links of what asks for nothing else are closed."""
        charges.payment_request_ids._close_empty()

    def _close_empty(self):
        """Links of requests that ask for nothing any more are closed."""
        gone = self.filtered(
            lambda request: set(request.charge_ids.mapped("state")) <= {"cancelled"}
        )
        self.env["clinic.payment.link"]._revoke_for(gone)

    def _get_live_link(self):
        """A link of the requests that is open."""
        links = self.link_ids.filtered(lambda link: not link.revoked_on)
        return links.filtered(lambda link: link.request_id._is_payable())[:1]

    # === PAID ONLINE === #

    def _is_payable(self):
        return self.state in ("asked", "part")

    def _get_charges(self):
        return self.charge_ids.sorted()

    def _get_due(self):
        return sum(self.mapped("amount_due"))

    def _get_payer(self):
        return self.payer_id

    def _prepare_transaction_vals(self):
        return {"clinic_request_id": self.id}
