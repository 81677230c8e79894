from odoo import api, models
from odoo.tools import SQL

from .clinic_patient_duplicate import LARGEST_BLOCK


class ClinicPatientDuplicate(models.Model):
    _inherit = "clinic.patient.duplicate"

    @api.model
    def _note_visitor(self, patient):
        """Put the new card of a visitor beside those that may be the same person's.

        One statement whatever it finds: how long it takes tells a visitor nothing.
        Visitors show no documents, which leaves this much of ``tools/identity.py``;
        what takes a longer look is found by the nightly search.
        """
        patient.flush_recordset()
        patient.phone_ids.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO clinic_patient_duplicate (
                       patient_id, other_id, reason, score, state,
                       create_uid, create_date)
                SELECT found.id, card.id, found.reason, found.score, 'open',
                       %(uid)s, %(now)s
                  FROM clinic_patient card
                  JOIN LATERAL (
                       SELECT same.id, 'words' AS reason, 95 AS score
                         FROM clinic_patient same
                        WHERE same.search_name = card.search_name
                          AND same.birthdate = card.birthdate
                          AND same.active IS TRUE
                        UNION ALL
                       SELECT same.id, 'phone', 85
                         FROM clinic_patient_phone own
                         JOIN clinic_patient_phone phone
                           ON phone.number_e164 = own.number_e164
                          AND phone.active IS TRUE
                         JOIN clinic_patient same
                           ON same.id = phone.patient_id AND same.active IS TRUE
                        WHERE own.patient_id = card.id
                          AND (same.birthdate = card.birthdate) IS NOT FALSE
                          AND split_part(same.search_name, ' ', 2)
                              = split_part(card.search_name, ' ', 2)
                       ) found ON found.id < card.id
                 WHERE card.id = %(card)s
                 ORDER BY found.score DESC
                 LIMIT %(block)s
                    ON CONFLICT DO NOTHING
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                card=patient.id,
                block=LARGEST_BLOCK,
            )
        )
