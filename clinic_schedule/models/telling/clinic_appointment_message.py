from babel.dates import format_date, format_time

from odoo import fields, models
from odoo.tools.misc import babel_locale_parse

from odoo.addons.clinic_base.tools.walltime import to_wall

from ...tools.steps import News, step


class ClinicAppointment(models.Model):
    """What patients are told of their visits."""

    _inherit = "clinic.appointment"

    @step(News.TELL_PATIENT)
    def _tell_patients(self, purpose, scheduled_at):
        self.env["clinic.message"]._enqueue(
            purpose,
            [
                {
                    "key": visit._get_message_key(purpose),
                    "patient_id": visit.patient_id.id,
                    "appointment_id": visit.id,
                    "scheduled_at": fields.Datetime.to_string(scheduled_at) or None,
                }
                for visit in self
                if visit.patient_id
            ],
        )

    def _get_message_key(self, purpose):
        """Of the visit as it stands: a move makes it another message."""
        return f"appointment:{self.id}:{purpose}:{self.move_count}"

    def _get_message_values(self, purpose):
        """Hook: values for the placeholders; neutral, in the patient's language."""
        self.ensure_one()
        patient = self.patient_id
        lang = patient.lang or self.env.lang or "en_US"
        visit = self.with_context(lang=lang)
        wall = to_wall(visit.start, visit.branch_id.tz)
        locale = babel_locale_parse(lang)
        values = {
            "patient_first_name": patient.first_name or "",
            "date": format_date(wall.date(), format="d MMMM", locale=locale),
            "time": format_time(wall.time(), format="short", locale=locale),
            "branch": visit.branch_id.name or "",
            "address": visit.branch_id._get_address_line(),
            "phone": visit.branch_id.phone or "",
            "specialist": visit.specialist_id.name or "",
            "label": visit.service_id.neutral_label or "",
            "preparation": visit.service_id.preparation_text or "",
        }
        if self.env["clinic.message"]._get_visit_kind(purpose).asks:
            values["link"] = self.env["clinic.visit.link"]._get(self)._get_address()
        return values
