from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.payload import Payload
from odoo.addons.clinic_base.tools.walltime import DAY, MINUTE

from ...tools.criteria import KEYS, read_criteria

# What a booking says of the visit itself, as a search does.
COMMON_KEYS = {
    "service_id",
    "patient_id",
    "duration",
    "repeat",
    "telemedicine",
    "payment_source_id",
}
MAX_OVERBOOK_REASON = 200


class ClinicAppointment(models.Model):
    """What is looked for: clients' dicts, and visits where they stand, as criteria."""

    _inherit = "clinic.appointment"

    @api.model
    def _get_criteria(self, asked, **forced):
        """:class:`Criteria` of a client's dict.

        :param forced: fields of the criteria that no client sets
        :raises UserError: with what is wrong, in words
        """
        payload = Payload(self.env, asked, self._get_criteria_keys())
        # A search may go through branches of several companies: the first one's hold.
        branch = self.env["clinic.branch"].browse(payload.get_ids("branch_ids")[:1])
        return read_criteria(
            payload,
            self.env["clinic.schedule.settings"]._get(branch.exists()),
            now=self._get_now(),
            more=self._get_more_criteria(),
            public=self._is_public_client(),
            **forced,
        )

    @api.model
    def _get_criteria_keys(self):
        return KEYS | self._get_more_criteria().keys()

    @api.model
    def _get_more_criteria(self):
        """Door: criteria of other modules, each with what reads and checks its value.

        The value reaches the search as JSON (``p_more``) and holds for booking too.

        :return: {key: callable(payload, key)}, for example ``Payload.get_id``
        """
        return {}

    @api.model
    def _get_public_criteria(self):
        """Door: which of :meth:`_get_more_criteria` the keys of other sites may say.

        :return: set of their names
        """
        return set()

    @api.model
    def _get_now(self):
        """The database's clock, rounded up to a whole minute (naive UTC)."""
        now = self.env.cr.now()
        floor = now.replace(second=0, microsecond=0)
        return floor if floor == now else floor + MINUTE

    @api.model
    def _get_booking_criteria(self, asked, ignored_ids=()):
        """Criteria that want exactly the start of ``asked``.

        :param dict asked: see ``BOOKING_KEYS``; a place in a session names it
        """
        payload = Payload(self.env, asked)
        start = payload.get_moment("start")
        specialist_id = payload.get_id("specialist_id")
        if not start or not specialist_id:
            raise UserError(self.env._("Say with whom and when the visit should be."))
        room_id = payload.get_id("room_id")
        branch_id = payload.get_id("branch_id")
        session_id = payload.get_id("session_id")
        return self._get_criteria(
            {
                key: asked.get(key)
                for key in COMMON_KEYS | self._get_more_criteria().keys()
            },
            specialist_ids=(specialist_id,),
            room_ids=(room_id,) if room_id else (),
            branch_ids=(branch_id,) if branch_id else (),
            session_ids=(session_id,) if session_id else (),
            group=bool(session_id),
            start=start,
            stop=start + DAY,
            wanted=(start,),
            limit=None,
            overbook=bool(payload.get_text("overbook_reason", MAX_OVERBOOK_REASON)),
            ignored_appointment_ids=tuple(ignored_ids),
        )

    def _as_criteria(self, **changes):
        """Criteria for the visit where it stands, or ``changes``; its time is free."""
        self.ensure_one()
        asked = {
            "service_id": self.service_id.id,
            "specialist_id": self.specialist_id.id,
            "patient_id": self.patient_id.id,
            "start": self.start,
            "duration": (self.stop - self.start) // timedelta(minutes=1),
            "room_id": self.room_id.id,
            "branch_id": self.branch_id.id,
            "session_id": self.group_session_id.id,
            "telemedicine": self.telemedicine,
            "payment_source_id": self.payment_source_id.id,
            "overbook_reason": self.overbook_reason,
            **changes,
        }
        return self._get_booking_criteria(asked, ignored_ids=self.ids)

    @api.model
    def _with_kept_patient(self, asked):
        """``asked`` for the card that the one it names was merged into."""
        patient_id = Payload(self.env, asked).get_id("patient_id")
        if not patient_id:
            return asked
        # Sudo: only asked which card it has become.
        named = self.env["clinic.patient"].sudo().browse(patient_id).exists()
        return {**asked, "patient_id": named._get_kept().id or patient_id}
