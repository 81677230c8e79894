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
        if self._filtered_lost_payer():
            raise ValidationError(
                self.env._(
                    "The payer is the patient, a relative who pays on that day by the"
                    " patient's card, or the payer of the payment source. Add the"
                    " relative to the card under “Family” and tick “Pays”."
                )
            )

    def _filtered_lost_payer(self):
        """Those of ``self`` whose payer does not pay for the patient on their day."""
        return self.filtered(
            lambda record: (
                record.payer_id
                and record.payer_id not in record._get_known_payers()
                and not record._get_paid_patients()._is_paid_by(
                    record.payer_id, record._get_payer_day()
                )
            )
        )

    def _get_paid_patients(self):
        """Hook: for whom is paid."""
        return self.patient_id

    def _get_known_payers(self):
        """Hook: partners who may pay on any day."""
        self.ensure_one()
        # A hold may be nobody's yet.
        patient = self.patient_id
        sources = self.payment_source_id | patient.payment_source_id
        return sources.partner_id | patient.partner_id

    def _get_payer_day(self):
        """Hook: the day on which a relation has to be in force."""
        self.ensure_one()
        return fields.Date.context_today(self, self.env.cr.now())
