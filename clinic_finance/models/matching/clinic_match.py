from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class ClinicMatch(models.Model):
    """What was matched by itself, by which rule; and who has undone it, and why.

    The matching is the ledger's (``account.partial.reconcile``); these rows explain it.
    """

    _name = "clinic.match"
    _description = "Automatic match"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    payer_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one("clinic.patient", readonly=True, ondelete="restrict")
    credit_move_id = fields.Many2one(
        "account.move",
        string="Payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    debit_move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partial_id = fields.Many2one(
        "account.partial.reconcile",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    amount = fields.Monetary(required=True, readonly=True)
    rule = fields.Selection(
        [
            ("named", "Invoice named"),
            ("patient", "Oldest of the patient"),
            ("oldest", "Oldest of the payer"),
        ],
        required=True,
        readonly=True,
    )
    explanation = fields.Char(compute="_compute_explanation")
    state = fields.Selection(
        [
            ("matched", "Matched"),
            ("undone", "Undone"),
            ("released", "Released"),
        ],
        compute="_compute_state",
        help="Released: not by hand, but because the invoice or the payment fell away.",
    )
    undone_on = fields.Datetime(readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True)
    undo_reason = fields.Char(readonly=True)
    held = fields.Boolean(
        readonly=True,
        help="The payment is not matched by itself again until somebody says so.",
    )

    _held_idx = models.Index("(credit_move_id) WHERE held")

    @api.depends("rule", "debit_move_id", "patient_id")
    def _compute_explanation(self):
        for match in self:
            match.explanation = match._explain(match.debit_move_id.name)

    def _explain(self, invoice):
        """Why the money went to ``invoice`` (number), in the user's language."""
        if self.rule == "named":
            return self.env._("The payment was made for %s or names it.", invoice)
        if self.rule == "patient":
            return self.env._("%s was the patient's oldest unpaid invoice.", invoice)
        return self.env._("%s was the payer's oldest unpaid invoice.", invoice)

    @api.depends("partial_id", "undone_on")
    def _compute_state(self):
        for match in self:
            if match.undone_on:
                match.state = "undone"
            else:
                match.state = "matched" if match.partial_id else "released"

    @api.depends("credit_move_id", "debit_move_id")
    def _compute_display_name(self):
        for match in self:
            match.display_name = (
                f"{match.credit_move_id.name} → {match.debit_move_id.name}"
            )

    def action_ask_undo(self):
        """Ask why, then undo."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo the match"),
            "res_model": "clinic.match.undo",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_match_ids": self.ids},
        }

    @api.private
    def undo(self, reason):
        """Take the payment off the invoice; it waits among the advances until
        :meth:`action_match_again`, and other free money pays the invoice.

        :param reason: shown in the log
        :raises AccessError: for everybody but accountants
        """
        self._check_accountant()
        if not reason or not reason.strip():
            raise UserError(self.env._("Say why the match is undone."))
        matches = self.filtered(lambda match: match.state == "matched")
        # The role has been checked; the log is written by nobody by hand.
        matches = matches.sudo()
        with self.env["clinic.receipt"]._telling():
            matches.partial_id.unlink()
            matches.write(
                {
                    "partial_id": False,
                    "undone_on": self.env.cr.now(),
                    "undone_by_id": self.env.uid,
                    "undo_reason": reason.strip(),
                    "held": True,
                }
            )
            matches._match(matches.payer_id)
        return True

    def action_match_again(self):
        """Let the payments be matched by themselves again, now.

        :raises AccessError: for everybody but accountants
        """
        self._check_accountant()
        # The role has been checked; the log is written by nobody by hand.
        matches = self.sudo()
        held = matches.search(
            [("credit_move_id", "in", matches.credit_move_id.ids), ("held", "=", True)]
        )
        held.write({"held": False})
        matches._match(matches.payer_id)
        return True

    @api.model
    def _note_parted(self, partials):
        """``partials`` are taken apart by a button of Odoo's: their money waits until
        :meth:`action_match_again`, as after :meth:`undo`."""
        known = self.search([("partial_id", "in", partials.ids)])
        missing = partials - known.partial_id
        fresh = self.create([self._prepare_vals(one, "named") for one in missing])
        (known | fresh).write(
            {
                "partial_id": False,
                "undone_on": self.env.cr.now(),
                "undone_by_id": self.env.uid,
                "held": True,
            }
        )

    @api.model
    def _prepare_vals(self, partial, rule):
        """Values of the log for what ``partial`` has matched."""
        debit, credit = partial.debit_move_id, partial.credit_move_id
        return {
            "company_id": debit.company_id.id,
            "currency_id": debit.currency_id.id,
            "payer_id": debit.partner_id.id,
            "patient_id": debit.clinic_patient_id.id,
            "credit_move_id": credit.move_id._get_money().id,
            "debit_move_id": debit.move_id.id,
            "partial_id": partial.id,
            "amount": partial.debit_amount_currency,
            "rule": rule,
        }

    def _check_accountant(self):
        self.check_access("read")
        if not self.env.user.has_group("clinic_base.group_accountant"):
            raise AccessError(
                self.env._("Matches are undone and renewed by accountants.")
            )
