from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedText

from ...tools.drug_words import shares_word

# Drugs that one sheet of form 107-1/у takes.
DRUGS_PER_SHEET = 3
ADULT = 18


class ClinicPrescription(models.Model):
    """One drug prescribed in a visit; the sheet is made of them when it is printed."""

    _name = "clinic.prescription"
    _description = "Prescription"
    _inherit = ["clinic.encounter.item.mixin"]
    _order = "encounter_id desc, id"

    drug = EncryptedText(
        required=True, help="International name; the trade name where there is none."
    )
    form = EncryptedText(string="Form", help="Tablets, ointment, solution…")
    dose = EncryptedText()
    quantity = EncryptedText(help="How much the pharmacy gives.")
    directions = EncryptedText(
        string="How to take", required=True, help="Dose, how often, when, how long."
    )
    validity = fields.Selection(
        [("60_days", "60 days"), ("year", "Up to a year")],
        required=True,
        default="60_days",
    )
    months = fields.Integer(default=12, help="Of a prescription of up to a year.")
    warning = fields.Text(compute="_compute_warning")
    override_reason = EncryptedText(
        string="Why all the same", help="Why it is given in spite of the warning."
    )

    _months_in_a_year = models.Constraint(
        "CHECK (months BETWEEN 1 AND 12)", "A prescription is valid up to a year."
    )

    def _get_neutral_name(self):
        return self.env._("Prescription %(id)s", id=self.id or "")

    # === WARNINGS === #

    @api.depends("drug", "patient_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        for line in self:
            warnings = self._get_drug_warnings(line.patient_id, line.drug or "")
            line.warning = "\n".join(warnings)

    @api.model
    def _get_drug_warnings(self, patient, drug):
        """Hook: what speaks against ``drug`` for ``patient``, a list of texts.

        Here allergies and intolerances that hold today and share a word with the drug;
        interactions and the like are added by whoever knows them.
        """
        if not drug:
            return []
        alerts = self.env["clinic.patient.alert"]._get_current(patient._origin)
        cards = [
            alert._prepare_card()
            for alert in alerts
            if alert.kind in ("allergy", "intolerance")
            and shares_word(drug, alert.text)
        ]
        parts = ("kind_label", "text", "reaction")
        return [": ".join(filter(None, map(card.get, parts))) for card in cards]

    def _check_ready(self):
        for line in self:
            if line.warning and not (line.override_reason or "").strip():
                raise UserError(
                    self.env._(
                        "A prescribed drug meets an allergy of the patient. Replace it,"
                        " or write in the prescription why it is given all the same."
                    )
                )

    def _get_signed_content(self):
        texts = ("drug", "form", "dose", "quantity", "directions", "override_reason")
        return {
            **super()._get_signed_content(),
            **{name: self[name] or "" for name in texts},
            "validity": [self.validity, self.months],
        }

    # === PRINT === #

    def _get_sheets(self):
        """Prescriptions in force as sheets of the printed form.

        Form 107-1/у (order 1094н of 24.11.2021 of the Ministry of Health): one patient,
        one specialist, one term, up to three drugs.

        :return: list of recordsets
        :raises UserError: if none is in force
        """
        issued = self.filtered(lambda line: line.state == "issued")
        if not issued:
            raise UserError(
                self.env._("Prescriptions are printed once the protocol is signed.")
            )
        alike = issued.grouped(
            lambda line: (line.encounter_id.id, line.validity, line._get_months())
        )
        return [
            lines[start : start + DRUGS_PER_SHEET]
            for lines in alike.values()
            for start in range(0, len(lines), DRUGS_PER_SHEET)
        ]

    def _get_months(self):
        return self.months if self.validity == "year" else 0

    def _get_issue_day(self):
        """Day of the prescription in the zone of the branch."""
        tz = self.branch_id.tz or self.env.user.tz or "UTC"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), self.date
        ).date()

    def _is_for_adult(self):
        """Whether the patient was of age on the day; unknown counts as yes."""
        born = self.patient_id.birthdate
        return not born or fields.Date.add(born, years=ADULT) <= self._get_issue_day()

    def action_print(self):
        """The printed form of these prescriptions."""
        self._get_sheets()
        report = self.env.ref("clinic_emr.clinic_prescription_report")
        return report.report_action(self, config=False)
