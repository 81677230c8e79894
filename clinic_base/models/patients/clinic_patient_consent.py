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

    @api.depends("consent_ids.kind", "consent_ids.revoked")
    def _compute_consent_note(self):
        consents = self.env["clinic.consent"]
        kinds = dict(consents._fields["kind"]._description_selection(self.env))
        for patient in self:
            given = {
                consent.kind for consent in patient.consent_ids if not consent.revoked
            }
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
        return any(
            consent.kind == kind and not consent.revoked for consent in self.consent_ids
        )
