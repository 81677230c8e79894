from odoo import api, models
from odoo.tools import SQL

from odoo.addons.clinic_base.fields import get_keyring
from odoo.addons.clinic_base.tools.authority import medical_job
from odoo.addons.clinic_base.tools.statements import fetch

# Looked at in one night.
BATCH = 2000


class ClinicAccessLog(models.Model):
    """What was signed is known here, whatever the protocols say of themselves."""

    _inherit = "clinic.access.log"

    @api.model
    def _find_faults(self, batch=10000):
        faults = super()._find_faults(batch)
        if unsigned := self._find_unsigned():
            numbers = ", ".join(map(str, unsigned))
            faults.append(f"protocols that were signed are so no more: {numbers}")
        return faults

    @api.model
    def _find_unsigned(self, limit=20):
        """Numbers of protocols that were signed and are drafts, or gone."""
        rows = fetch(
            self.env,
            ("clinic.encounter",),
            SQL(
                """
                SELECT DISTINCT noted.id
                  FROM (SELECT jsonb_array_elements(record_ids)::int AS id
                          FROM clinic_access_log
                         WHERE model = 'clinic.encounter' AND operation = 'sign') noted
                  LEFT JOIN clinic_encounter encounter ON encounter.id = noted.id
                 WHERE encounter.id IS NULL OR encounter.state = 'draft'
                 ORDER BY noted.id
                 LIMIT %(limit)s
                """,
                limit=limit,
            ),
        )
        return [row[0] for row in rows]

    @api.model
    def _cron_check(self):
        self._note_old_signatures()
        return super()._cron_check()

    @api.model
    def _note_old_signatures(self):
        """Signatures that the log does not know: made before it noted them, or by a
        server that stopped between the commit and the note. Only true ones count."""
        rows = fetch(
            self.env,
            ("clinic.encounter",),
            SQL(
                """
                SELECT encounter.id
                  FROM clinic_encounter encounter
                 WHERE encounter.state <> 'draft'
                   AND NOT EXISTS (
                       SELECT FROM (
                              SELECT jsonb_array_elements(record_ids)::int AS id
                                FROM clinic_access_log
                               WHERE model = 'clinic.encounter'
                                 AND operation = 'sign') noted
                        WHERE noted.id = encounter.id)
                 ORDER BY encounter.id DESC
                 LIMIT %(limit)s
                """,
                limit=BATCH,
            ),
        )
        keyring = get_keyring(self.env)
        with medical_job("note signatures"):
            signed = self.env["clinic.encounter"].browse(row[0] for row in rows)
            true = signed.filtered(lambda encounter: encounter._is_as_signed(keyring))
            if true:
                true._note_signature()
