import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.booking_form import Slot


class ClinicAppointment(models.Model):
    """Booking on the site.

    What a visitor is answered never depends on who is a patient: they get a card of
    their own, and no refusal carries the desk's reasons.
    """

    _inherit = "clinic.appointment"

    site_key = fields.Char(
        readonly=True, copy=False, help="Of the form that booked it on the site."
    )

    _site_key_once = models.UniqueIndex(
        "(site_key) WHERE site_key IS NOT NULL"
        " AND state NOT IN ('cancelled', 'expired', 'no_show')",
        "This form has booked a visit already.",
    )

    @api.model
    def _book_on_site(self, form, patient):
        """Book what ``form`` asks for, or find what it has booked before.

        Runs as superuser: visitors have no rights, the engine checks every rule.

        :param Form form: a second sending of it books nothing
        :param patient: card of a signed-in patient; empty for a visitor
        :return: the :class:`Slot` where the visit stands by now
        :raises UserError: nothing is booked
        """
        if booked := self._find_on_site(form, patient):
            return booked
        try:
            with self.env.cr.savepoint():
                self._book_new_on_site(form, patient)
        except (UserError, psycopg2.errors.UniqueViolation):
            # The first of two sendings may have been booked since the snapshot.
            with self._get_fresh_view() as fresh:
                booked = fresh._find_on_site(form, patient.with_env(fresh.env))
            if not booked:
                raise
        return booked or form.slot

    @api.model
    def _book_new_on_site(self, form, patient):
        slot = form.slot
        self.env["clinic.site.claim"]._count_booking(
            self.env["clinic.branch"].browse(slot.branch_id).company_id,
            form.details.get("phone") or patient._get_site_person(),
        )
        patient = patient or patient._create_visitor(form.details)
        visit = self.browse(
            self.book(
                {
                    "service_id": slot.service_id,
                    "specialist_id": slot.specialist_id,
                    "patient_id": patient.id,
                    "start": slot.start,
                    "branch_id": slot.branch_id,
                    **({"room_id": slot.room_id} if slot.room_id else {}),
                }
            )
        )
        visit.site_key = form.key
        self.env.flush_all()
        visit._note_site_booking(form)

    def _note_site_booking(self, form):
        """Hook: a visitor has booked this visit by ``form``; in its transaction."""

    @api.model
    def _find_on_site(self, form, patient):
        """The :class:`Slot` that this form, or this patient, has booked already."""
        same = Domain("site_key", "=", form.key)
        if patient:
            same |= (
                Domain("patient_id", "=", patient.id)
                & Domain("specialist_id", "=", form.slot.specialist_id)
                & Domain("start", "=", form.slot.start)
            )
        taking = Domain("state", "in", sorted(self._get_taking_states()))
        visit = self.search(same & taking, limit=1)
        return visit and Slot(
            fields.Datetime.to_string(visit.start),
            visit.specialist_id.id,
            visit.service_id.id,
            visit.room_id.id or None,
            visit.branch_id.id,
        )
