from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from ..tools.booking_form import clean_name, parse_birthdate, parse_slot


class Booking(http.Controller):
    """A visitor books: a chosen time, four details, done. No code, no account."""

    @http.route(
        "/clinic/booking",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def booking(self, slot="", token="", **_post):
        """The form for a chosen time; by POST, so that no address tells of it."""
        values = self._get_slot_values(slot, token)
        if not values:
            return request.redirect("/clinic/specialists")
        return request.render("clinic_portal.booking_page", values)

    @http.route(
        "/clinic/booking/confirm",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def booking_confirm(self, slot="", token="", website="", **post):
        values = self._get_slot_values(slot, token)
        if not values or website:  # Only a robot fills in the hidden field.
            return request.redirect("/clinic/specialists")
        details, errors = self._read_details(post)
        if errors:
            return request.render(
                "clinic_portal.booking_page", {**values, "errors": errors, "post": post}
            )
        try:
            with request.env.cr.savepoint():
                visit_sudo = self._book(values, details)
        except UserError as error:
            return request.render(
                "clinic_portal.booking_taken",
                {
                    **values,
                    "message": str(error),
                    "offers": self._get_next(error, values),
                },
            )
        return request.render(
            "clinic_portal.booking_done", {**values, "visit": visit_sudo}
        )

    def _get_slot_values(self, text, token):
        """What a page says about the chosen time; None if there is no such thing."""
        slot = parse_slot(text)
        if not slot:
            return None
        # Public facts of published services and specialists, nothing of patients.
        env = request.env(su=True)
        specialist = env["clinic.specialist"].browse(slot.specialist_id).exists()
        service = env["product.product"].browse(slot.service_id).exists()
        branch = env["clinic.branch"].browse(slot.branch_id).exists()
        public = (
            specialist.is_published and service.is_clinic_service and service.is_public
        )
        if not (public and branch):
            return None
        return {
            "slot": slot,
            "slot_value": text,
            "token": token,
            "specialist": specialist,
            "service": service,
            "branch": branch,
            "local": fields.Datetime.context_timestamp(
                branch.with_context(tz=branch.tz),
                fields.Datetime.to_datetime(slot.start),
            ),
            "errors": {},
            "post": {},
            "patient": self._get_own_patient(),
        }

    def _get_own_patient(self):
        """Card of a signed-in patient, as superuser; empty for a visitor."""
        patients_sudo = request.env["clinic.patient"].sudo()
        if request.env.user._is_public():
            return patients_sudo
        return patients_sudo.search(
            [("partner_id", "=", request.env.user.partner_id.id)], limit=1
        )

    def _read_details(self, post):
        """Checked details of the visitor, and messages by field for what is wrong."""
        if self._get_own_patient():
            return {}, {}
        errors = {}
        today = fields.Date.context_today(request.env.user)
        details = {
            "name": clean_name(post.get("name", "")),
            "birthdate": parse_birthdate(post.get("birthdate", ""), today),
            "sex": post.get("sex") if post.get("sex") in ("male", "female") else None,
            "email": (post.get("email") or "").strip()[:120] or False,
            "lang": request.env.lang,
        }
        try:
            details["phone"] = (
                request.env["clinic.patient.phone"]
                .sudo()
                ._to_e164(post.get("phone", ""))
            )
        except ValidationError as error:
            errors["phone"] = str(error)
        if not details["name"]:
            errors["name"] = request.env._("Please write your name.")
        if not details["birthdate"]:
            errors["birthdate"] = request.env._("Please write your date of birth.")
        if not details["sex"]:
            errors["sex"] = request.env._("Please choose.")
        if not post.get("consent"):
            errors["consent"] = request.env._(
                "Without your consent we may not keep your details."
            )
        return details, errors

    def _book(self, values, details):
        """Find or make the card and book; whoever is signed in books for themselves."""
        slot = values["slot"]
        # Visitors have no rights of their own; the engine checks every rule again.
        env = request.env(su=True)
        patient = self._get_own_patient() or env[
            "clinic.patient"
        ]._find_or_create_visitor(details)
        visit_id = env["clinic.appointment"].book(
            {
                "service_id": slot.service_id,
                "specialist_id": slot.specialist_id,
                "patient_id": patient.id,
                "start": slot.start,
                "branch_id": slot.branch_id,
                **({"room_id": slot.room_id} if slot.room_id else {}),
            }
        )
        visit = env["clinic.appointment"].browse(visit_id)
        if values["token"]:
            env["clinic.screening"]._link_appointment(values["token"], visit)
        return visit

    def _get_next(self, error, values):
        """Offers in the place of a time that has just been taken."""
        slots = (getattr(error, "context", None) or {}).get("slots") or []
        return [
            {
                "specialist": values["specialist"],
                "service": values["service"],
                "slots": [
                    {
                        **slot,
                        "local": fields.Datetime.context_timestamp(
                            values["branch"].with_context(tz=values["branch"].tz),
                            fields.Datetime.to_datetime(slot["start"]),
                        ),
                    }
                    for slot in slots
                    if slot["specialist_id"] == values["specialist"].id
                ],
            }
        ]
