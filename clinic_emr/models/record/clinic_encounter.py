from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.signing import SIGNING

NARRATIVE = (
    "complaint",
    "history",
    "examination",
    "conclusion",
    "recommendations",
)
# What a signature covers; changed only by amendments afterwards.
SIGNED_FIELDS = frozenset(
    (
        *NARRATIVE,
        "answers",
        "template_id",
        "template_version_id",
        "vitals",
        "diagnosis_ids",
        "file_ids",
        "specialist_id",
        "patient_id",
        "appointment_id",
        "branch_id",
        "date",
        "next_visit_by",
        "next_visit_service_id",
    )
)
# Of the archive, to which nothing signed goes.
ARCHIVING = frozenset({"active", "archive_reason", "archived_by_id", "archived_on"})
# Written by the signing alone.
SIGNING_FIELDS = frozenset(
    (
        "state",
        "signed_by_id",
        "signed_on",
        "content_hash",
        "content_version",
        "signed_alerts",
        "signed_titles",
        "request_id",
    )
)


class ClinicEncounter(models.Model):
    """The protocol of one visit, written by medical staff."""

    _name = "clinic.encounter"
    _description = "Encounter"
    _inherit = ["clinic.own.patient.mixin", "clinic.requested.visit.mixin"]
    _order = "date desc, id desc"

    appointment_id = fields.Many2one(
        "clinic.appointment", readonly=True, copy=False, ondelete="restrict"
    )
    specialist_id = fields.Many2one(
        "clinic.specialist",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    branch_id = fields.Many2one("clinic.branch", readonly=True, ondelete="restrict")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        help="Of the branch; without one, of whoever began the protocol.",
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: self.env.cr.now()
    )
    complaint = EncryptedText(string="Complaints")
    history = EncryptedText()
    examination = EncryptedText()
    conclusion = EncryptedText()
    recommendations = EncryptedText()
    diagnosis_ids = fields.One2many(
        "clinic.diagnosis", "encounter_id", string="Diagnoses"
    )
    file_ids = fields.One2many("clinic.encounter.file", "encounter_id", string="Files")
    amendment_ids = fields.One2many(
        "clinic.encounter.amendment", "encounter_id", string="Amendments", readonly=True
    )
    state = fields.Selection(
        [("draft", "Draft"), ("signed", "Signed"), ("amended", "Amended")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    signed_by_id = fields.Many2one(
        "res.users", string="Signed by", readonly=True, copy=False, ondelete="restrict"
    )
    signed_on = fields.Datetime(readonly=True, copy=False)
    content_hash = fields.Char(
        readonly=True, copy=False, help="Keyed hash of what was signed."
    )
    patient_age = fields.Char(string="Age", related="patient_id.age_text")
    patient_sex = fields.Selection(related="patient_id.sex")
    previous_count = fields.Integer(compute="_compute_previous_count")

    _appointment_once = models.UniqueIndex(
        "(appointment_id) WHERE appointment_id IS NOT NULL",
        "The visit already has a protocol.",
    )
    _signed_whole = models.Constraint(
        "CHECK (state = 'draft' OR (signed_by_id IS NOT NULL AND signed_on IS NOT NULL"
        " AND content_hash IS NOT NULL))",
        "A signed protocol needs a signature.",
    )
    _patient_date = models.Index("(patient_id, date DESC)")

    def _get_neutral_name(self):
        return self.env._("Protocol %(id)s", id=self.id or "")

    @api.depends("branch_id")
    def _compute_company_id(self):
        for encounter in self:
            encounter.company_id = (
                encounter.branch_id.company_id
                or encounter.company_id
                or self.env.company
            )

    @api.depends("patient_id")
    def _compute_previous_count(self):
        counts = dict(
            self._read_group(
                [("patient_id", "in", self.patient_id.ids)], ["patient_id"], ["__count"]
            )
        )
        for encounter in self:
            others = counts.get(encounter.patient_id, 0) - bool(encounter.id)
            encounter.previous_count = max(others, 0)

    # === CRUD === #

    def write(self, vals):
        for encounters, own in self._part_by_revision(vals):
            encounters._check_writable(own)
            if "diagnosis_ids" in own:
                commands = map(self._archive_removed, own["diagnosis_ids"])
                own = {**own, "diagnosis_ids": list(commands)}
            super(ClinicEncounter, encounters).write(own)
            # No constraint: those are checked as superuser, who does not read answers.
            if {"answers", "template_id"} & own.keys():
                encounters._check_answers()
        return True

    def _check_writable(self, vals):
        """:raises UserError: for what is signed, or is only written by signing"""
        if SIGNING_FIELDS & vals.keys():
            self._check_is_signing()
        if SIGNED_FIELDS & vals.keys():
            self._check_unsigned()
        if ARCHIVING & vals.keys():
            self._check_archivable()

    @api.model
    def _archive_removed(self, command):
        """A diagnosis that is taken out of a draft goes to the archive."""
        code, record_id, *_rest = command
        if code in (Command.DELETE, Command.UNLINK):
            return Command.update(record_id, {"active": False})
        return command

    @api.model_create_multi
    def create(self, vals_list):
        if any(SIGNING_FIELDS & vals.keys() for vals in vals_list):
            self._check_is_signing()
        encounters = super().create(
            [self._without_revision(vals) for vals in vals_list]
        )
        if not self.env.su:
            encounters._check_visit_opens()
        encounters._check_answers()
        return encounters

    def _check_visit_opens(self):
        """A protocol is of a visit that took place, or of one that may be prepared.

        :raises UserError: for a visit that does not open the record yet, or no visit
        """
        # Sudo: asked about the user's own visits, which were readable a moment ago.
        visits = self.env["clinic.appointment"].sudo()
        opening = visits.search(
            Domain("id", "in", self.appointment_id.ids) & self._get_opening_domain()
        )
        for encounter in self:
            visit = encounter.appointment_id.sudo()
            same = (
                visit.patient_id == encounter.patient_id
                and visit.specialist_id == encounter.specialist_id
            )
            if not (visit in opening and same):
                raise UserError(
                    self.env._(
                        "A protocol is begun when the patient has come. One that the"
                        " desk or the patient booked can be prepared from the evening"
                        " before; have the desk note the arrival if the patient is"
                        " here."
                    )
                )

    def _check_archivable(self):
        """:raises UserError: what is signed stays where it is found"""
        if any(encounter.state != "draft" for encounter in self):
            raise UserError(
                self.env._(
                    "A signed protocol stays in the record. Put a mistake right with an"
                    " amendment."
                )
            )

    @api.model
    def _get_patient_merge_domain(self, _kept):
        """What is signed keeps the card under which it was signed."""
        return [("state", "=", "draft")]

    def _check_unsigned(self):
        """:raises UserError: if one of ``self`` is signed, or was and says it is not"""
        if any(encounter.state != "draft" for encounter in self):
            raise UserError(
                self.env._("The protocol is signed. Add an amendment instead.")
            )
        if self._find_signed_once():
            raise UserError(
                self.env._(
                    "This protocol was signed, and the signature was taken off outside"
                    " of the program. Tell the chief physician; the last backups hold"
                    " what was signed."
                )
            )

    def _check_is_signing(self):
        """:raises UserError: if the caller is not the action that signs"""
        if not self._is_signing():
            raise UserError(self.env._("A protocol is signed with its own action."))

    def _is_signing(self):
        return self.env.context.get("clinic_signing") is SIGNING

    # === ACTIONS === #

    @api.model
    @api.private
    def open_for(self, appointment):
        """The protocol of ``appointment``; a draft is begun if there is none yet."""
        self.check_access("create")
        encounter = self.search([("appointment_id", "=", appointment.id)], limit=1)
        return encounter or self.create(self._prepare_vals(appointment))

    @api.model
    def _prepare_vals(self, appointment):
        return {
            "appointment_id": appointment.id,
            "patient_id": appointment.patient_id.id,
            "specialist_id": appointment.specialist_id.id,
            "branch_id": appointment.branch_id.id,
            "date": appointment.start,
            "template_id": self._find_template(appointment).id,
        }

    def action_open_previous(self):
        """Earlier protocols of the same patient."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Earlier visits"),
            "res_model": "clinic.encounter",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("patient_id", "in", self.patient_id._get_aliases().ids),
                ("id", "!=", self.id),
            ],
        }
