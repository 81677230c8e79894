import logging

from odoo import fields, http
from odoo.http import content_disposition, request

_logger = logging.getLogger(__name__)


class PatientData(http.Controller):
    @http.route(
        "/clinic/patient/<int:patient_id>/data",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def hand_out(self, patient_id):
        """What the clinic keeps of a person, as a file.

        :raises NotFound: who may not write the card, and cards that are not there
        """
        patient = request.env["clinic.patient"].browse(patient_id).exists()
        if not patient or not patient.has_access("write"):
            raise request.not_found()
        _logger.info(
            "Personal data of card %s handed out to user %s",
            patient.id,
            request.env.uid,
        )
        day = fields.Date.context_today(patient, patient.env.cr.now())
        # Neutral: the name of a file says nothing of whose it is.
        name = request.env._("personal_data_%(day)s.json", day=day)
        return request.make_response(
            patient._render_personal_data(),
            [
                ("Content-Type", "application/json"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
