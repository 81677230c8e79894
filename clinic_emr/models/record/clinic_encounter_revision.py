from odoo import api, fields, models

from .clinic_encounter import NARRATIVE

OWN = {"revision", "field_revisions"}
# What two people may be writing at once.
WATCHED = frozenset((*NARRATIVE, "answers", "vitals"))


class ClinicEncounter(models.Model):
    """Two people in one draft: stale text never replaces newer text, and is not lost.

    A form sends the ``revision`` that it was read at. A field that somebody else has
    written since keeps their text; what the form had there goes to a leftover, which
    the form shows with a way to copy it. Fields that nobody else touched are saved.
    """

    _inherit = "clinic.encounter"

    # A client gives the one that it has read, which is compared and never stored.
    revision = fields.Integer(default=0, copy=False)
    field_revisions = fields.Json(
        readonly=True, copy=False, help="Revision that wrote each field last."
    )
    leftover_ids = fields.One2many(
        "clinic.encounter.leftover", "encounter_id", string="Not saved texts"
    )

    @api.model
    def _without_revision(self, vals):
        """``vals`` without the fields that this file alone writes."""
        return {name: value for name, value in vals.items() if name not in OWN}

    def _part_by_revision(self, vals):
        """Pairs of protocols and what of ``vals`` is written to them.

        Each is to be written before the next is asked for.
        """
        base = vals.get("revision")
        if vals.keys() <= OWN:
            # A form sends its revision along with something.
            self._check_unsigned()
        vals = self._without_revision(vals)
        if not WATCHED & vals.keys():
            if vals:
                yield self, vals
            return
        self._lock_revision()
        for encounter in self:
            fresh = vals
            if base is not None:
                fresh = encounter._set_stale_aside(vals, base)
            yield encounter, encounter._mark(fresh)

    def _mark(self, vals):
        """``vals`` with the next revision, and which fields it wrote."""
        written = WATCHED & vals.keys()
        if not written:
            return vals
        revision = self.revision + 1
        known = self.field_revisions or {}
        return {
            **vals,
            "revision": revision,
            "field_revisions": {**known, **dict.fromkeys(written, revision)},
        }

    def _lock_revision(self):
        """Wait for whoever saves now. If they change the row, this transaction cannot
        go on and is run again by the server, reading what they wrote."""
        self.check_access("write")
        self.flush_recordset()
        self.env.cr.execute(
            "SELECT 1 FROM clinic_encounter WHERE id = ANY(%s) FOR UPDATE", [self.ids]
        )

    def _set_stale_aside(self, vals, base):
        """``vals`` without the fields that others have written after ``base``."""
        signed = self.state != "draft"
        revisions = self.field_revisions or {}
        stale = {
            name: vals[name]
            for name in WATCHED & vals.keys()
            if (signed or revisions.get(name, 0) > base)
            and (vals[name] or False) != (self[name] or False)
        }
        lost = {name: value for name, value in stale.items() if value}
        if lost:
            self.env["clinic.encounter.leftover"].create(
                {"encounter_id": self.id, "texts": lost}
            )
        return {
            name: value
            for name, value in vals.items()
            if name not in stale and not (signed and name in WATCHED)
        }
