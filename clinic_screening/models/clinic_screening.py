from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedJson
from odoo.addons.clinic_base.models.walls.clinic_medical_mixin import ClinicMedicalMixin

from ..tools.matching import Answer, Candidate, evaluate, rank

BEST = 3
# Who has filled it in books soon after.
LASTS = timedelta(days=1)


class ClinicScreening(models.Model):
    """One filled-in questionnaire. The answers are medical and sealed.

    The visitor's page never reads them back: the outcome is computed from what was just
    posted, and the row is written behind it.
    """

    _name = "clinic.screening"
    _description = "Screening"
    _inherit = ["clinic.medical.mixin", "clinic.secret.link.mixin"]
    _order = "id desc"

    _clinic_open_fields = ClinicMedicalMixin._clinic_open_fields | {
        "token_seed",
        "token_hash",
        "revoked_on",
    }

    questionnaire_id = fields.Many2one(
        "clinic.screening.questionnaire",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    appointment_id = fields.Many2one(
        "clinic.appointment", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    patient_id = fields.Many2one(
        related="appointment_id.patient_id", store=True, index=True
    )
    answers = EncryptedJson(readonly=True)
    outcome = EncryptedJson(readonly=True)

    def _get_neutral_name(self):
        return self.env._("Screening %(id)s", id=self.id or "")

    @api.model
    @api.private
    def submit(self, questionnaire, option_ids):
        """Keep the answers and find whom to see.

        :param questionnaire: published ``clinic.screening.questionnaire``
        :param option_ids: ids of the chosen options, one per question
        :return: ``(token, tools.matching.Outcome, specialists best first)``
        :raises UserError: if a question is unanswered or an answer is foreign
        """
        options = self._check_options(questionnaire, option_ids)
        outcome = evaluate(
            Answer(option.problem_category_id.id or None, option.weight, option.urgent)
            for option in options
        )
        specialists = self._rank_specialists(outcome)
        screening = self.create(
            {
                "questionnaire_id": questionnaire.id,
                "answers": {str(o.question_id.id): o.id for o in options},
                "outcome": {
                    "urgent": outcome.urgent,
                    "categories": {str(k): v for k, v in outcome.weights.items()},
                    "specialists": specialists.ids,
                },
            }
        )
        return screening._get_token(), outcome, specialists

    def _get_link_end(self):
        return self.create_date + LASTS

    @api.model
    def _check_options(self, questionnaire, option_ids):
        options = questionnaire.question_ids.option_ids.filtered(
            lambda option: option.id in set(option_ids)
        )
        if len(options.question_id) != len(options) or len(options) != len(option_ids):
            raise UserError(self.env._("Please choose one answer to each question."))
        if options.question_id != questionnaire.question_ids:
            raise UserError(self.env._("Please answer every question."))
        return options

    @api.model
    def _rank_specialists(self, outcome):
        """At most the three best fitting specialists who are on the site."""
        if outcome.urgent:
            return self.env["clinic.specialist"]
        specialists = self.env["clinic.specialist"].search(
            [("is_published", "=", True)]
        )
        candidates = [
            Candidate(
                specialist.id,
                frozenset(specialist.problem_category_ids.ids),
                frozenset(specialist.refused_category_ids.ids),
            )
            for specialist in specialists
        ]
        return self.env["clinic.specialist"].browse(rank(outcome, candidates)[:BEST])

    @api.model
    def _link_appointment(self, token, appointment):
        """The visitor with ``token`` has booked ``appointment``; uses the token up."""
        screening = self._find(token)
        screening.write({"appointment_id": appointment.id})
        screening._withdraw_links()
        return bool(screening)
