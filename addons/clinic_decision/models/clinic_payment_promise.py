from odoo import api, fields, models

from odoo.addons.clinic_base.models.walls.clinic_archive_mixin import ARCHIVE_FIELDS


class ClinicPaymentPromise(models.Model):
    """Who has promised to pay what, by which day; until then no rule blocks them."""

    _name = "clinic.payment.promise"
    _description = "Promise to pay"
    _inherit = ["clinic.engine.mixin", "clinic.archive.mixin"]
    _order = "date desc, id desc"
    _rec_name = "payer_id"
    _created_by_engine = False
    # The ledger settles promises as superuser.
    _engine_is_superuser = True

    payer_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one("clinic.patient", index=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True)
    date = fields.Date(string="Will pay by", required=True, index=True)
    taken_by_id = fields.Many2one(
        "res.users",
        string="Taken by",
        required=True,
        readonly=True,
        default=lambda self: self.env.uid,
        ondelete="restrict",
    )
    kept_on = fields.Datetime(readonly=True, copy=False)
    broken_on = fields.Datetime(readonly=True, copy=False)
    state = fields.Selection(
        [("open", "Awaited"), ("kept", "Kept"), ("broken", "Broken")],
        compute="_compute_state",
        search="_search_state",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promise is of a sum above zero."
    )
    _open_idx = models.Index("(date) WHERE kept_on IS NULL AND broken_on IS NULL")

    @api.depends("kept_on", "broken_on")
    def _compute_state(self):
        for promise in self:
            if promise.kept_on:
                promise.state = "kept"
            else:
                promise.state = "broken" if promise.broken_on else "open"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "open": [("kept_on", "=", False), ("broken_on", "=", False)],
            "kept": [("kept_on", "!=", False)],
            "broken": [("kept_on", "=", False), ("broken_on", "!=", False)],
        }
        return fields.Domain.OR([domains[one] for one in value if one in domains])

    @api.model
    def _get_engine_fields(self):
        """Whoever takes a promise stands for it; the ledger says if it is kept."""
        return self._fields.keys() - ARCHIVE_FIELDS

    @api.model
    def _get_creation_fields(self):
        return frozenset({"payer_id", "patient_id", "company_id", "amount", "date"})

    @api.onchange("patient_id")
    def _onchange_patient_id(self):
        if self.patient_id:
            self.payer_id = self.patient_id._get_private_payer()

    @api.model
    def _close_due(self):
        """Note which promises whose day has passed were kept: nothing is owed now.

        What was promised by a day is asked on the next one, in the zone of the
        company's own contact.
        """
        now = self.env.cr.now()
        for company, promises in self._find_due().grouped("company_id").items():
            patients = self.env["clinic.patient"].with_context(
                allowed_company_ids=company.ids
            )
            balances = patients._get_balances(promises.payer_id)
            kept = promises.filtered(
                lambda one, balances=balances: balances.get(one.payer_id.id, 0) >= 0
            )
            kept.kept_on = now
            (promises - kept).broken_on = now

    @api.model
    def _find_due(self):
        return self.search(
            [
                ("kept_on", "=", False),
                ("broken_on", "=", False),
                ("date", "<", self.env.company._get_clinic_today()),
            ]
        )
