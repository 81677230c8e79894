from contextlib import contextmanager

from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["clinic.kept.mixin", "account.move.line"]

    clinic_patient_id = fields.Many2one(
        "clinic.patient",
        string="Patient",
        compute="_compute_clinic_patient_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    clinic_charge_id = fields.Many2one(
        "clinic.charge",
        string="Charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=True,
    )

    _kept_fields = frozenset(
        (
            "account_id",
            "amount_currency",
            "balance",
            "clinic_patient_id",
            "credit",
            "currency_id",
            "date",
            "date_maturity",
            "debit",
            "discount",
            "move_id",
            "partner_id",
            "price_unit",
            "product_id",
            "quantity",
            "tax_ids",
        )
    )

    @api.model
    def _get_engine_fields(self):
        return frozenset({"clinic_charge_id", "clinic_opening_key"})

    def _is_kept(self):
        return self.move_id._is_kept()

    def _raise_kept(self):
        self.move_id._raise_kept()

    @api.model_create_multi
    def create(self, vals_list):
        """:raises UserError: by hand, for an entry that is posted for a patient"""
        ids = {vals["move_id"] for vals in vals_list if vals.get("move_id")}
        self.env["account.move"].browse(ids)._check_rewritable()
        return super().create(vals_list)

    def copy_data(self, default=None):
        """A duplicate is no second invoice of a charge; a reversal belongs to it."""
        vals_list = super().copy_data(default)
        if not self._is_engine():
            for vals in vals_list:
                vals.pop("clinic_charge_id", None)
        return vals_list

    def _reconcile_plan(self, reconciliation_plan):
        return super(AccountMoveLine, self._as_engine())._reconcile_plan(
            reconciliation_plan
        )

    def remove_move_reconcile(self):
        """Whoever parts a payment from its invoice wants it to wait."""
        with self._parting(self.matched_debit_ids | self.matched_credit_ids):
            return super(AccountMoveLine, self._as_engine()).remove_move_reconcile()

    @contextmanager
    def _parting(self, partials):
        """Around a person's taking ``partials`` apart by a button of Odoo's."""
        if self._is_engine():
            yield
            return
        # Parting is Odoo's to allow; the log is written by nobody by hand.
        of_clinic = partials.sudo().filtered(lambda partial: partial._is_of_clinic())
        payers = of_clinic.debit_move_id.partner_id
        matches = self.env["clinic.match"].sudo()
        matches._note_parted(of_clinic)
        with self.env["clinic.receipt"]._telling():
            yield
            matches._match(payers)

    def _reconcile_post_hook(self, data):
        result = super()._reconcile_post_hook(data)
        self.move_id._sync_charges()
        return result

    def _get_home(self):
        """The partner from whom the money came that the item holds."""
        money = self.move_id._get_money()
        return money._get_receivable_lines().partner_id[:1] or self.partner_id

    @api.depends("move_id.clinic_patient_id")
    def _compute_clinic_patient_id(self):
        for line in self:
            line.clinic_patient_id = (
                line.move_id.clinic_patient_id or line.clinic_patient_id
            )
