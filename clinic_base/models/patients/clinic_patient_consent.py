from datetime import datetime

from odoo import api, fields, models

# Without them nobody is treated, or even registered for long.
NEEDED = ("personal_data", "treatment")


class ClinicPatient(models.Model):
    """What a patient has agreed to, as it is seen where one books."""

    _inherit = "clinic.patient"

    consent_note = fields.Char(
        compute="_compute_consent_note",
        help="Consents that are missing or have been withdrawn.",
    )

    @api.depends("consent_ids.kind", "consent_ids.revoked", "consent_ids.date")
    def _compute_consent_note(self):
        consents = self.env["clinic.consent"]
        kinds = dict(consents._fields["kind"]._description_selection(self.env))
        for patient in self:
            given = patient._get_given_kinds()
            withdrawn = set(patient.consent_ids.mapped("kind")) - given
            missing = [kind for kind in NEEDED if kind not in given | withdrawn]
            notes = []
            if missing:
                notes.append(
                    self.env._(
                        "No consent yet: %(kinds)s.",
                        kinds=", ".join(kinds[kind] for kind in missing),
                    )
                )
            if withdrawn:
                notes.append(
                    self.env._(
                        "Withdrawn: %(kinds)s.",
                        kinds=", ".join(sorted(kinds[kind] for kind in withdrawn)),
                    )
                )
            patient.consent_note = " ".join(notes)

    def _has_consent(self, kind):
        """Whether the patient agrees now; advertising asks before every message."""
        self.ensure_one()
        return kind in self._get_given_kinds()

    def _get_given_kinds(self):
        """What the patient agrees to now. The last word counts: who has withdrawn has
        withdrawn what was given before, on whichever card or paper it stands."""
        self.ensure_one()
        withdrawn = {}
        for consent in self.consent_ids.filtered("revoked"):
            latest = withdrawn.get(consent.kind, consent.revoked)
            withdrawn[consent.kind] = max(latest, consent.revoked)
        return {
            consent.kind
            for consent in self.consent_ids
            if not consent.revoked
            and consent.date > withdrawn.get(consent.kind, datetime.min)
        }
