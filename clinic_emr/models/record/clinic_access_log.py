from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.clinic_base.fields import get_keyring
from odoo.addons.clinic_base.tools.authority import medical_job
from odoo.addons.clinic_base.tools.statements import fetch

# Looked at in one night: so many of the newest, and so many in turn.
BATCH = 2000
# A signature that the log does not know by then was never noted.
NOTED_WITHIN = timedelta(hours=1)
# Numbers that a fault names.
SHOWN = 20
# Number of the protocol down to which they have had their turn.
TURN = "clinic_emr.signatures_checked"


class ClinicAccessLog(models.Model):
    """What was signed is known here, whatever the protocols say of themselves."""

    _inherit = "clinic.access.log"

    @api.model
    def _find_faults(self, batch=10000):
        faults = super()._find_faults(batch)
        for text, numbers in (
            ("protocols that were signed are so no more", self._find_unsigned()),
            ("protocols lack an amendment", self._find_short()),
            ("protocols are not what was signed", self._find_altered()),
        ):
            if numbers:
                faults.append(f"{text}: {', '.join(map(str, numbers))}")
        return faults

    @api.model
    def _find_unsigned(self, limit=SHOWN):
        """Numbers of protocols that were signed and are drafts, put away, or gone."""
        return self._find_by_log(
            SQL(
                """
                SELECT DISTINCT noted.id
                  FROM (SELECT jsonb_array_elements(record_ids)::int AS id
                          FROM clinic_access_log
                         WHERE model = 'clinic.encounter' AND operation = 'sign') noted
                  LEFT JOIN clinic_encounter encounter ON encounter.id = noted.id
                 WHERE encounter.id IS NULL
                    OR encounter.state = 'draft'
                    OR encounter.active IS NOT TRUE
                 ORDER BY noted.id
                 LIMIT %(limit)s
                """,
                limit=limit,
            )
        )

    @api.model
    def _find_short(self, limit=SHOWN):
        """Numbers of protocols that were amended more often than they say."""
        return self._find_by_log(
            SQL(
                """
                SELECT noted.id
                  FROM (SELECT number::int AS id, count(*) AS times
                          FROM clinic_access_log,
                               jsonb_array_elements(record_ids) AS number
                         WHERE model = 'clinic.encounter' AND operation = 'sign'
                         GROUP BY number::int) noted
                 WHERE noted.times > 1
                   AND noted.times > 1 + (
                       SELECT count(*)
                         FROM clinic_encounter_amendment amendment
                        WHERE amendment.encounter_id = noted.id
                          AND amendment.active IS TRUE)
                 ORDER BY noted.id
                 LIMIT %(limit)s
                """,
                limit=limit,
            )
        )

    @api.model
    def _find_by_log(self, sql):
        models = ("clinic.encounter", "clinic.encounter.amendment")
        return [row[0] for row in fetch(self.env, models, sql)]

    @api.model
    def _find_altered(self, limit=SHOWN):
        """Numbers of protocols that are not what was signed, of those looked at."""
        with medical_job("check signatures"):
            newest, turn = self._get_looked_at()
            altered = (newest | turn).filtered("is_altered")
            return altered[:limit].ids

    @api.model
    def _get_looked_at(self):
        """The newest signed protocols, and those whose turn it is."""
        # Sudo: compared with their seals and shown to nobody.
        encounters = self.env["clinic.encounter"].sudo()
        domain = [("state", "!=", "draft")]
        newest = encounters.search(domain, order="id desc", limit=BATCH)
        # Sudo: a number that only this program writes.
        done = self.env["ir.config_parameter"].sudo().get_param(TURN)
        below = int(done or 0) or newest[-1:].id or 0
        older = [*domain, ("id", "<", below)]
        return newest, encounters.search(older, order="id desc", limit=BATCH)

    @api.model
    def _cron_check(self):
        self._note_old_signatures()
        result = super()._cron_check()
        _newest, turn = self._get_looked_at()
        # From the newest again when all have had their turn.
        self.env["ir.config_parameter"].set_param(TURN, turn[-1:].id or 0)
        return result

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
                   -- One that is being noted right now is not noted twice.
                   AND COALESCE(encounter.signed_on < %(before)s, TRUE)
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
                before=self.env.cr.now() - NOTED_WITHIN,
            ),
        )
        keyring = get_keyring(self.env)
        with medical_job("note signatures"):
            signed = self.env["clinic.encounter"].browse(row[0] for row in rows)
            true = signed.filtered(lambda encounter: encounter._is_as_signed(keyring))
            if true:
                true._note_signature()
