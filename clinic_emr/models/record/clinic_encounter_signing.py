import json
import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from odoo.addons.clinic_base.fields import get_keyring
from odoo.addons.clinic_base.tools.access_trail import AccessTrail, TrailKey
from odoo.addons.clinic_base.tools.authority import current_job
from odoo.addons.clinic_base.tools.keyring import UnknownKeyError
from odoo.addons.clinic_base.tools.walltime import to_wall

from ...tools.signing import SIGNING
from ...tools.structured import keep_asked, missing_labels
from .clinic_encounter import NARRATIVE

_logger = logging.getLogger(__name__)

# What the key of the signatures is for.
SIGNED = "signed protocol"
# What signatures cover: 1 without what has been added since.
VERSION = 2


class ClinicEncounter(models.Model):
    """Signing: locks the protocol and keeps a hash of what was signed."""

    _inherit = "clinic.encounter"

    is_altered = fields.Boolean(
        compute="_compute_is_altered",
        help="Not what was signed any more: changed outside of the program.",
    )
    content_version = fields.Integer(
        readonly=True, copy=False, help="What the hash covers; none for the first form."
    )

    def action_sign(self):
        """Sign and lock; later changes are amendments.

        :raises UserError: if the visit is on a later day, or there is nothing to sign,
            naming what is missing
        :raises AccessError: if the visit is another specialist's
        """
        for encounter in self:
            encounter._check_unsigned()
            encounter._check_signatory()
            encounter._check_visit_day()
            encounter._check_complete()
            encounter.answers = keep_asked(
                encounter.definition, encounter.answers or {}
            )
            # First, so that the hash covers them.
            encounter._as_signing().write(encounter._prepare_signed_vals())
            encounter._as_signing().content_hash = encounter._get_content_hash()
            encounter._note_signature()
            encounter._finish_content()
            self.env["clinic.patient.problem"]._note(encounter)
            encounter._finish_appointment()
        return True

    def action_amend(self):
        """Open the dialog for an amendment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Amendment"),
            "res_model": "clinic.encounter.amendment",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_encounter_id": self.id},
        }

    def _check_signatory(self):
        if self.specialist_id.user_id != self.env.user:
            raise AccessError(
                self.env._("Only the specialist who received the patient can sign.")
            )

    def _check_visit_day(self):
        """Signing ends the visit: one that waits for a later day cannot be ended.

        Whom the desk has received already is here, whatever day was booked.

        :raises UserError: naming the day of the visit, in the branch's zone
        """
        visit = self.appointment_id
        if visit.state not in ("booked", "confirmed"):
            return
        zone = visit.branch_id.tz
        day = to_wall(visit.start, zone).date()
        if day > to_wall(self.env.cr.now(), zone).date():
            raise UserError(
                self.env._(
                    "The visit is on %(day)s: its protocol is signed on that day."
                    " What you wrote is kept as a draft. If the patient is here now,"
                    " have the desk note the arrival or move the visit.",
                    day=format_date(self.env, day),
                )
            )

    def _check_complete(self):
        """:raises UserError: naming what is missing"""
        self._check_next_visit()
        self._check_items()
        if not (self.conclusion or "").strip():
            raise UserError(self.env._("Write the conclusion before signing."))
        if "main" not in self.diagnosis_ids.mapped("kind"):
            raise UserError(self.env._("Choose the main diagnosis before signing."))
        if missing := missing_labels(self.definition, self.answers or {}):
            raise UserError(
                self.env._(
                    "Answer before signing: %(labels)s.", labels=", ".join(missing)
                )
            )

    def _prepare_signed_vals(self):
        """All of the signature but its hash, which covers the rest."""
        return {
            "state": "signed",
            "signed_by_id": self.env.uid,
            "signed_on": self.env.cr.now(),
            "signed_alerts": self.alerts,
            "signed_titles": self._prepare_signed_titles(),
            "content_version": VERSION,
            # Until there is one: the row is never without.
            "content_hash": "-",
        }

    def _note_signature(self):
        """Into the log of access, which cannot be changed unseen: that ``self`` are
        signed, or signed once more with an amendment, is known there when the database
        does not say so any more.

        After the commit: a signature that is rolled back is none. What cannot be noted
        then is noted at night.
        """
        trail = AccessTrail()
        key = TrailKey(self._name, "sign", current_job())
        trail.note(key, set(self.ids), set(self.patient_id.ids))
        log = self.env["clinic.access.log"]

        def write():
            try:
                log._write_trail(trail)
            except psycopg2.Error as error:
                _logger.warning("Signature not noted yet: %s", type(error).__name__)

        self.env.cr.postcommit.add(write)

    def _finish_content(self):
        """What was signed comes into force."""
        self._ensure_request()
        self._issue_items()
        self._finish_observations()

    def _as_signing(self):
        return self.with_context(clinic_signing=SIGNING)

    def _get_content_hash(self):
        """Keyed hash of all that was written, in a fixed form: who can write the
        database but has no key file cannot make it."""
        return get_keyring(self.env).sign(self._get_signed_bytes(), SIGNED)

    def _get_signed_bytes(self):
        content = self._get_signed_content()
        return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()

    @api.depends("content_hash", "state", "amendment_ids")
    def _compute_is_altered(self):
        keyring = get_keyring(self.env)
        noted = self._count_signatures()
        for encounter in self:
            known = noted.get(encounter._origin.id, 0)
            encounter.is_altered = (
                bool(known)
                if encounter.state == "draft"
                else not encounter._is_whole(keyring, known)
            )

    def _count_signatures(self):
        """{number: how often the log of access knows a signature of the protocol}."""
        log = self.env["clinic.access.log"]
        return log._count_noted(self._name, "sign", self._origin.ids)

    def _find_signed_once(self):
        """Those of ``self`` that the log of access knows as signed."""
        noted = self._count_signatures()
        return self.filtered(lambda encounter: encounter._origin.id in noted)

    def _is_whole(self, keyring, known):
        """Whether a protocol and its amendments are those that were signed.

        :param known: signatures in the log, the protocol's own among them: with fewer
            amendments than these somebody has taken one out
        """
        amendments = self.amendment_ids
        return (
            self._is_as_signed(keyring)
            and known <= 1 + len(amendments)
            and (self.state == "amended") == bool(amendments)
            and all(one._is_as_signed(keyring) for one in amendments)
        )

    def _is_as_signed(self, keyring):
        try:
            return keyring.verifies(
                self.content_hash or "", self._get_signed_bytes(), SIGNED
            )
        except UnknownKeyError:
            return False

    def _get_signed_content(self):
        """All that the signature covers, as JSON values.

        Of observations the first versions count: later ones are corrections. Scores
        follow from the answers.
        """
        self.ensure_one()
        content = self._get_written_content()
        if (self.content_version or 1) >= VERSION:
            content |= self._get_shown_content()
        return content

    def _get_shown_content(self):
        """What else a protocol shows: when, where, who, and what things were called."""
        return {
            "version": self.content_version,
            "date": fields.Datetime.to_string(self.date),
            "branch": self.branch_id.id,
            "appointment": self.appointment_id.id,
            "signed_by": self.signed_by_id.id,
            "signed_on": fields.Datetime.to_string(self.signed_on),
            "definition": self.definition or {},
            "titles": self.signed_titles or {},
            "measures": sorted(
                [one.id, one.type_id.id, one.measure]
                for one in self.observation_ids
                if one.version == 1 and one.source != "template" and one._has_number()
            ),
        }

    def _get_written_content(self):
        return {
            "encounter": self.id,
            "patient": self.patient_id.id,
            "specialist": self.specialist_id.id,
            **{name: self[name] or "" for name in NARRATIVE},
            "diagnoses": sorted(
                (line.kind, line.certainty, line.icd10_id.code)
                for line in self.diagnosis_ids
            ),
            "template": self.template_version_id.id,
            "answers": self.answers or {},
            "observations": sorted(
                (one.type_id.code, one.measure["value"])
                for one in self.observation_ids
                if one.version == 1 and one.source != "template" and one._has_number()
            ),
            "files": sorted(file.digest for file in self.file_ids),
            "alerts": self.signed_alerts or [],
            "items": self._get_signed_items(),
            "next_visit": self._get_signed_next_visit(),
        }

    def _finish_appointment(self):
        """A signed protocol ends the visit, if it is still going on."""
        visit = self.appointment_id
        if visit.state in ("booked", "confirmed"):
            visit.action_arrive()
        if visit.state == "arrived":
            visit.action_start()
        if visit.state == "in_progress":
            visit.action_done()
