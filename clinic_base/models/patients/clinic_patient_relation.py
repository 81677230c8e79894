from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.age import AGE_OF_ACTING, AGE_OF_SECRETS, day_of_age

# Whose rights come from the law and not from the patient.
PARENTS = ("mother", "father", "guardian")
# What says on which days a relative pays.
PAYING = frozenset(
    {"active", "consent_on", "date_from", "date_to", "kind", "pays", "related_id"}
)
# Field with the first day on which a right does not hold any more.
RIGHT_ENDS = {
    "may_see": "see_ends_on",
    "may_book": "act_ends_on",
    "pays": "act_ends_on",
}


class ClinicPatientRelation(models.Model):
    """What a relative may do for a patient, with dates; revoked by its end date.

    A right that was given while the patient was a child ends with the age of which the
    law says so, until the patient agrees to it; see :meth:`_get_right_domain`.
    """

    _name = "clinic.patient.relation"
    _description = "Family relation"
    _inherit = ["clinic.archive.mixin"]
    _order = "patient_id, date_from desc, id"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, ondelete="restrict"
    )
    related_id = fields.Many2one(
        "clinic.patient",
        string="Relative",
        required=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        [
            ("mother", "Mother"),
            ("father", "Father"),
            ("guardian", "Guardian"),
            ("child", "Child"),
            ("spouse", "Spouse"),
            ("other", "Other"),
        ],
        required=True,
    )
    date_from = fields.Date(
        required=True, default=lambda self: self.env.company._get_clinic_today()
    )
    date_to = fields.Date(help="Last day. Empty: until revoked.")
    may_see = fields.Boolean(string="Sees visits")
    may_book = fields.Boolean(string="Books visits")
    pays = fields.Boolean()
    consent_on = fields.Date(
        string="Patient agreed on",
        copy=False,
        help="The day on which the patient, of age by then, agreed to these rights:"
        " from 15 to being seen, from 18 to being booked and paid for.",
    )
    see_ends_on = fields.Date(compute="_compute_ends", store=True)
    act_ends_on = fields.Date(compute="_compute_ends", store=True)
    ended_note = fields.Char(string="Ended by age", compute="_compute_ended_note")

    _not_self = models.Constraint(
        "CHECK (patient_id <> related_id)", "A patient is no relative of themselves."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A relation cannot end before it begins.",
    )

    def write(self, vals):
        result = super().write(vals)
        if not PAYING.isdisjoint(vals):
            self.patient_id._after_payers_change()
        return result

    @api.constrains("consent_on")
    def _check_consent_on(self):
        """:raises ValidationError: nobody has agreed in the future"""
        today = self.env.company._get_clinic_today()
        if any(day > today for day in self.mapped("consent_on") if day):
            raise ValidationError(
                self.env._("The patient cannot have agreed after today.")
            )

    @api.model
    def _get_patient_merge_domain(self, kept):
        """Nobody is a relative of oneself: what was noted so stays where it is."""
        return [("patient_id", "!=", kept.id), ("related_id", "!=", kept.id)]

    # === RIGHTS === #

    @api.depends("patient_id.birthdate", "consent_on", "date_from", "kind")
    def _compute_ends(self):
        for relation in self:
            relation.see_ends_on = relation._get_end(AGE_OF_SECRETS)
            relation.act_ends_on = relation._get_end(AGE_OF_ACTING)

    def _get_end(self, years):
        """First day without a right that lasts until the patient is ``years`` old.

        None where the patient has given it, being of that age; a spouse's or a child's
        relation that began when the patient was grown up is given by the patient.
        """
        birthdate = self.patient_id.birthdate
        if not birthdate:
            return None
        of_age = day_of_age(birthdate, years)
        given = self.consent_on
        if not given and self.kind not in PARENTS:
            grown_up = day_of_age(birthdate, AGE_OF_ACTING)
            given = self.date_from >= grown_up and self.date_from
        return None if given and given >= of_age else of_age

    @api.model
    def _get_right_domain(self, right, day=None):
        """Relations by which ``right`` holds on ``day`` (default: the company's today).

        :param right: ``may_see``, ``may_book`` or ``pays``
        """
        day = day or self.env.company._get_clinic_today()
        ends = RIGHT_ENDS[right]
        return (
            Domain(right, "=", True)
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
            & (Domain(ends, "=", False) | Domain(ends, ">", day))
        )

    def _filtered_right(self, right, day=None):
        """Those of ``self`` by which ``right`` holds; see :meth:`_get_right_domain`."""
        return self.filtered_domain(self._get_right_domain(right, day))

    @api.depends("see_ends_on", "act_ends_on", "may_see", "may_book", "pays")
    def _compute_ended_note(self):
        today = self.env.company._get_clinic_today()
        for relation in self:
            relation.ended_note = relation._get_ended_note(today)

    def _get_ended_note(self, today):
        """Why a relative has no right any more, for the desk; False while all hold."""
        acts = self.may_book or self.pays
        if acts and self.act_ends_on and self.act_ends_on <= today:
            return self.env._(
                "The patient is 18: nothing holds without the patient's own consent."
            )
        if self.may_see and self.see_ends_on and self.see_ends_on <= today:
            return self.env._(
                "The patient is 15: visits are not shown without the patient's own"
                " consent."
            )
        return False

    def action_note_consent(self):
        """The patient has agreed today, in person, to the rights that are ticked."""
        self.check_access("write")
        self.consent_on = self.env.company._get_clinic_today()

    # === NAMES === #

    @api.depends("related_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for relation in self:
            relation.display_name = (
                f"{relation.related_id.name} ({kinds.get(relation.kind)})"
            )

    def action_open_relative(self):
        """Jump to the relative's card."""
        return self.related_id.action_open_card()
