from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ClinicPayerMixin(models.AbstractModel):
    """Who may pay for a patient: whatever the role and the path.

    For the patient's card and models with ``patient_id``; both with ``payer_id`` and
    ``payment_source_id``.
    """

    _name = "clinic.payer.mixin"
    _description = "Payer of a patient"

    # Not patient_id: when cards are merged, the payer follows the patient.
    @api.constrains("payer_id", "payment_source_id")
    def _check_payer_fits(self):
        """:raises ValidationError: the payer is neither the patient, nor who pays by
        the card, by a relation in force on that day, or by the payment source
        """
        asked = self.filtered(
            lambda record: (
                record.payer_id and record.payer_id not in record._get_known_payers()
            )
        )
        if not asked:
            return
        # A yes or no about somebody else's card; whose, is not told.
        relations = (
            self.env["clinic.patient.relation"]
            .sudo()
            .search(
                [
                    ("patient_id", "in", asked._get_paid_patients().ids),
                    ("pays", "=", True),
                ],
            )
        )
        for record in asked:
            day = record._get_payer_day()
            if not relations._filtered_right("pays", day).filtered(
                lambda relation, record=record: (
                    relation.patient_id == record._get_paid_patients()
                    and relation.related_id.partner_id == record.payer_id
                )
            ):
                raise ValidationError(
                    self.env._(
                        "The payer is the patient, a relative who pays on that day by"
                        " the patient's card, or the payer of the payment source. Add"
                        " the relative to the card under “Family” and tick “Pays”."
                    )
                )

    def _get_paid_patients(self):
        """Hook: for whom is paid."""
        return self.patient_id

    def _get_known_payers(self):
        """Hook: partners who may pay without a look at the relations."""
        self.ensure_one()
        patient = self.patient_id
        return self.payment_source_id.partner_id | patient.partner_id | patient.payer_id

    def _get_payer_day(self):
        """Hook: the day on which a relation has to be in force."""
        self.ensure_one()
        return fields.Date.context_today(self)
