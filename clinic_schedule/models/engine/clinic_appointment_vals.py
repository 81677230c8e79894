from datetime import timedelta

from odoo import api, models

from odoo.addons.clinic_base.tools.payload import Payload

from ...exceptions import BookingLimitError
from .clinic_appointment_criteria import MAX_OVERBOOK_REASON


class ClinicAppointment(models.Model):
    """What is written of a visit that is placed."""

    _inherit = "clinic.appointment"

    @api.model
    def _prepare_appointment_vals(self, slot, place, vals):
        """Hook: values of the visit at ``slot`` in ``place``, asked for by ``vals``."""
        payload = Payload(self.env, vals)
        reason = payload.get_text("overbook_reason", MAX_OVERBOOK_REASON)
        return {
            "patient_id": self._get_kept_id(vals.get("patient_id")),
            "service_id": slot.service_id,
            "is_first": not slot.known,
            "telemedicine": bool(vals.get("telemedicine")),
            "request_id": vals.get("request_id"),
            "payer_id": vals.get("payer_id"),
            "payment_source_id": vals.get("payment_source_id"),
            "overbook_reason": reason or False,
            "overbook_user_id": self.env.uid if reason else False,
            "placed_by_id": self.env.uid,
            **self._prepare_place_vals(slot, place),
        }

    @api.model
    def _get_kept_id(self, patient_id):
        """The card that ``patient_id`` was merged into, or itself."""
        return self.env["clinic.patient"].browse(patient_id)._get_kept().id

    @api.model
    def _prepare_place_vals(self, slot, place):
        """Hook: where and when; what booking and moving write alike."""
        return {
            "specialist_id": slot.specialist_id,
            "branch_id": slot.branch_id,
            "room_id": place.room_id if place else False,
            "device_id": place.device_id if place else False,
            "start": slot.start,
            "stop": slot.stop,
            "buffer_before": slot.buffer_before,
            "buffer_after": slot.buffer_after,
        }

    @api.model
    def _prepare_state_vals(self, slot, state):
        """``state`` at ``slot``: a hold lasts as long as its branch says."""
        if state["state"] != "hold" or "expires_at" in state:
            return state
        branch = self.env["clinic.branch"].browse(slot.branch_id)
        minutes = self.env["clinic.schedule.settings"]._get(branch).hold_minutes
        if not minutes:
            self._raise_no_holds()
        return {**state, "expires_at": self._get_hold_end(minutes)}

    @api.model
    def _raise_no_holds(self):
        """:raises BookingLimitError: always; the settings allow none"""
        raise BookingLimitError(
            self.env._("No time is held here. Book the visit at once instead.")
        )

    @api.model
    def _get_hold_end(self, minutes):
        return self._get_second() + timedelta(minutes=minutes)
