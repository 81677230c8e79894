from odoo import api, fields, models

from odoo.addons.clinic_base.tools.payload import Payload


class ClinicAppointment(models.Model):
    """An assistant is free in the search, taken by the visit, and seen on the board."""

    _inherit = "clinic.appointment"

    assistant_id = fields.Many2one("clinic.specialist")
    state = fields.Selection(
        selection_add=[("prepared", "Prepared"), ("in_progress",)],
        ondelete={"prepared": lambda visits: visits._lose_prepared()},
    )

    # === STATES === #

    def action_prepare(self):
        """The assistant has prepared the patient, who waits for the specialist."""
        return self._check_and_move("prepared")

    @api.model
    def _get_moves(self):
        moves = super()._get_moves()
        return moves | {
            "arrived": moves["arrived"] | {"prepared"},
            "prepared": {"in_progress", "cancelled"},
        }

    @api.model
    def _get_taking_states(self):
        return super()._get_taking_states() | {"prepared"}

    def _lose_prepared(self):
        self._as_engine().write({"state": "arrived"})

    # === SEARCH === #

    @api.model
    def _get_more_criteria(self):
        return super()._get_more_criteria() | {"assistant_id": Payload.get_id}

    @api.model
    def _get_public_criteria(self):
        return super()._get_public_criteria() | {"assistant_id"}

    @api.model
    def _get_offer_conditions(self):
        return [
            *super()._get_offer_conditions(),
            "template.is_assisted IS NOT TRUE OR specialist.assistant_id IS NOT NULL",
            "p_more->>'assistant_id' IS NULL"
            " OR specialist.assistant_id = (p_more->>'assistant_id')::int",
        ]

    @api.model
    def _get_more_needs(self):
        return [
            *super()._get_more_needs(),
            """
            SELECT offer.id, assistant.resource_id
              FROM offer
              JOIN product_product product ON product.id = offer.service_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN clinic_specialist doctor ON doctor.id = offer.specialist_id
              JOIN clinic_specialist assistant ON assistant.id = doctor.assistant_id
             WHERE template.is_assisted
            """,
        ]

    # === BOOKING === #

    @api.model
    def _prepare_place_vals(self, slot, place):
        specialist = self.env["clinic.specialist"].browse(slot.specialist_id)
        service = self.env["product.product"].browse(slot.service_id)
        assistant = service.is_assisted and specialist.assistant_id.id
        return {**super()._prepare_place_vals(slot, place), "assistant_id": assistant}

    @api.model
    def _get_more_claims(self):
        return [
            *super()._get_more_claims(),
            "('assistant', (SELECT one.resource_id FROM clinic_specialist one"
            " WHERE one.id = visit.assistant_id),"
            " NULL, wide.start, wide.stop, FALSE)",
        ]

    # === TELLING === #

    def _notify_patient(self, purpose, scheduled_at=None):
        result = super()._notify_patient(purpose, scheduled_at)
        if purpose == "booked":
            self.env["clinic.message"]._enqueue(
                "two_of_us",
                [
                    {
                        "key": f"two_of_us:{visit.id}",
                        "patient_id": visit.patient_id.id,
                        "appointment_id": visit.id,
                    }
                    for visit in self
                    if visit.assistant_id
                ],
            )
        return result

    # === DESK === #

    @api.model
    def _get_board_marks(self, visits):
        marks = dict(super()._get_board_marks(visits))
        for visit in visits.filtered("assistant_id"):
            marks[visit.id] = [*marks.get(visit.id, ()), "assisted"]
        return marks
