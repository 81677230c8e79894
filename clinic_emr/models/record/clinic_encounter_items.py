from odoo import fields, models

from odoo.addons.clinic_base.fields import EncryptedJson


class ClinicEncounter(models.Model):
    """What follows from the visit, and what the specialist knew when signing it."""

    _inherit = "clinic.encounter"

    prescription_ids = fields.One2many(
        "clinic.prescription", "encounter_id", string="Prescriptions"
    )
    referral_ids = fields.One2many(
        "clinic.referral", "encounter_id", string="Referrals"
    )
    order_ids = fields.One2many("clinic.order", "encounter_id", string="Orders")
    plan_ids = fields.One2many(
        "clinic.treatment.plan", "encounter_id", string="Treatment plan"
    )
    signed_alerts = EncryptedJson(
        readonly=True, help="Alerts as they stood on the day of the signature."
    )

    def _get_items(self):
        """Recordsets of all that the signature puts into force."""
        return [
            self.prescription_ids,
            self.referral_ids,
            self.order_ids,
            self.plan_ids,
        ]

    def _check_items(self):
        """:raises UserError: naming what is missing in one of them"""
        for items in self._get_items():
            items._check_ready()

    def _issue_items(self):
        for items in self._get_items():
            items._issue()

    def _get_signed_items(self):
        return [
            item._get_signed_content()
            for items in self._get_items()
            for item in items.sorted("id")
        ]

    def _get_printed_alerts(self):
        """Of the day of the signature; of today while there is none."""
        if self.state == "draft":
            return self.alerts
        kinds = self.env["clinic.patient.alert"]._fields["kind"]
        labels = dict(kinds._description_selection(self.env))
        # In the reader's language, whichever it was signed in.
        return [
            {**card, "kind_label": labels[card["kind"]]}
            for card in self.signed_alerts or []
        ]

    # === ACTIONS === #

    def action_prescribe(self):
        """Open the dialog for a new prescription."""
        return self._make_item_dialog("clinic.prescription", self.env._("Prescription"))

    def action_refer(self):
        """Open the dialog for a new referral."""
        return self._make_item_dialog("clinic.referral", self.env._("Referral"))

    def action_order(self):
        """Open the dialog for new orders."""
        return self._make_item_dialog("clinic.order", self.env._("Order"))

    def action_plan(self):
        """Open the treatment plan of the visit, made when it is first opened."""
        self.ensure_one()
        plan = self.plan_ids.filtered(lambda plan: plan.state != "cancelled")[:1]
        if not plan:
            self._check_unsigned()
            plan = plan.create({"encounter_id": self.id})
        return plan.action_open()

    def action_print_prescriptions(self):
        """The printed form of what was prescribed in this visit."""
        return self.prescription_ids.action_print()

    def _make_item_dialog(self, model, name):
        self.ensure_one()
        self._check_unsigned()
        return self.env[model]._make_dialog(
            name, context={"default_encounter_id": self.id}
        )
