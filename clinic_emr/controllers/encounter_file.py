import json

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..models.record.clinic_encounter_file import SIZE_LIMIT

# Room for the form around the file.
LONGEST_REQUEST = SIZE_LIMIT + 64 * 1024
# Whatever a file may hold, a browser runs nothing of it.
HEADERS = [
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class EncounterFile(http.Controller):
    @http.route(
        "/clinic/encounter/<int:encounter_id>/file",
        type="http",
        auth="user",
        methods=["POST"],
        # Larger requests are refused before anything of them is read.
        max_content_length=LONGEST_REQUEST,
    )
    def upload(self, encounter_id, file=None, **_kwargs):
        """Keep an uploaded file; answers ``{"id"}`` or ``{"error"}`` as JSON.

        :raises BadRequest: there is no file in the form
        """
        if not isinstance(file, FileStorage):
            raise BadRequest()
        encounter = request.env["clinic.encounter"].browse(encounter_id)
        try:
            kept = request.env["clinic.encounter.file"]._store(
                encounter, file.filename, file.read(SIZE_LIMIT + 1)
            )
        except (UserError, AccessError) as error:
            request.env.cr.rollback()
            return self._answer({"error": str(error)})
        return self._answer({"id": kept.id})

    @http.route(
        "/clinic/encounter/file/<int:file_id>",
        type="http",
        auth="user",
        methods=["GET"],
    )
    def download(self, file_id, **_kwargs):
        """The content of a file, for those who may read its protocol."""
        file = request.env["clinic.encounter.file"].search([("id", "=", file_id)])
        if not file:
            raise request.not_found()
        kind = file._get_kind()
        name = f"file-{file.id}{kind.suffix}"
        shown = "inline" if kind.is_image or kind.name == "pdf" else "attachment"
        return request.make_response(
            file._get_content(),
            headers=[
                ("Content-Type", kind.mimetype),
                ("Content-Disposition", f'{shown}; filename="{name}"'),
                *HEADERS,
            ],
        )

    def _answer(self, values):
        return request.make_response(
            json.dumps(values), headers=[("Content-Type", "application/json")]
        )
