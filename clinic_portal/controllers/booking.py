import secrets

from odoo import fields, http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import email_normalize

from odoo.addons.clinic_base.tools.addresses import get_network
from odoo.addons.clinic_base.tools.visitor import clean_name, parse_birthdate
from odoo.addons.clinic_schedule.exceptions import (
    BookingLimitError,
    SlotRefusedError,
    SlotTakenError,
    TooManyCallsError,
)

from ..tools.booking_form import (
    Form,
    drop_unprintable,
    get_form_key,
    parse_slot,
)
from .site import Site

# What a visitor types, kept on the way to another time.
TYPED = ("name", "phone", "birthdate", "sex", "email", "consent")
GONE = (SlotTakenError, SlotRefusedError, BookingLimitError)


class Booking(Site):
    """A visitor books: a chosen time, four details, done. No code, no account.

    No answer tells whether somebody is a patient, or why the desk would refuse.
    """

    @http.route(
        "/clinic/booking",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def booking(self, slot="", token="", **post):
        """The form for a chosen time; by POST, so that no address tells of it."""
        values = self._get_slot_values(parse_slot(slot), token, post)
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
        values = self._get_slot_values(parse_slot(slot), token, post)
        if not values or website:  # Only a robot fills in the hidden field.
            return request.redirect("/clinic/specialists")
        details, errors = self._read_details(values["post"])
        if errors:
            return request.render(
                "clinic_portal.booking_page", {**values, "errors": errors}
            )
        try:
            booked = self._book(values, details)
        except TooManyCallsError as error:
            return self._render_refusal(values, str(error), 429)
        except GONE as error:
            return self._render_gone(values, error)
        except UserError:
            return self._render_refusal(
                values,
                request.env._(
                    "This visit cannot be booked on the site. Please call us: we shall"
                    " find a time for you."
                ),
            )
        return request.render(
            "clinic_portal.booking_done",
            self._get_slot_values(booked, token, {}) or values,
        )

    def _render_refusal(self, values, message, status=200):
        return request.render(
            "clinic_portal.booking_refused",
            {**values, "message": message},
            status=status,
        )

    def _render_gone(self, values, error):
        """One answer whatever the reason; other times, and what was typed is kept."""
        return request.render(
            "clinic_portal.booking_taken",
            {
                **values,
                "message": request.env._(
                    "This time cannot be had any more. Please choose another one: what"
                    " you have written is kept."
                ),
                "offers": self._get_next(error, values),
            },
        )

    def _get_slot_values(self, slot, token, post):
        """What a page says about the chosen time; None if there is no such thing."""
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
            "slot_value": slot.text,
            "token": drop_unprintable(token),
            "specialist": specialist,
            "service": service,
            "branch": branch,
            "local": fields.Datetime.context_timestamp(
                branch.with_context(tz=branch.tz),
                fields.Datetime.to_datetime(slot.start),
            ),
            "errors": {},
            "post": {
                key: drop_unprintable(post[key]) for key in TYPED if post.get(key)
            },
            "patient": self._get_own_patient(),
        }

    def _get_own_patient(self):
        """Card of a signed-in patient, as superuser; empty for a visitor."""
        patients_sudo = request.env["clinic.patient"].sudo()
        if request.env.user._is_public():
            return patients_sudo
        return patients_sudo._get_of_partner(request.env.user.partner_id)

    def _read_details(self, post):
        """Checked details of the visitor, and messages by field for what is wrong."""
        if self._get_own_patient():
            return {}, {}
        errors = {}
        today = fields.Date.context_today(request.env.user, request.env.cr.now())
        details = {
            "name": clean_name(post.get("name", "")),
            "birthdate": parse_birthdate(post.get("birthdate", ""), today),
            "sex": post.get("sex") if post.get("sex") in ("male", "female") else None,
            "email": email_normalize(post.get("email") or ""),
            "lang": request.env.lang,
        }
        try:
            details["phone"] = (
                request.env["clinic.patient.phone"]
                .sudo()
                ._to_e164(post.get("phone") or " ")
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
        """The slot that is booked; whoever is signed in books for themselves."""
        patient_sudo = self._get_own_patient()
        who = (
            (patient_sudo.id,)
            if patient_sudo
            else (details["name"].lower(), details["birthdate"], details["phone"])
        )
        form = Form(
            values["slot"],
            details,
            get_form_key(self._get_secret(), values["slot"], *who),
            values["token"],
        )
        # Visitors have no rights of their own; the engine checks every rule again.
        env = request.env(su=True)
        env["clinic.site.claim"]._count_attempt(
            values["branch"].company_id, get_network(request.httprequest.remote_addr)
        )
        return env["clinic.appointment"]._book_on_site(form, patient_sudo)

    def _get_secret(self):
        """What only this browser's session knows, so that it finds its own visits."""
        return request.session.setdefault("clinic_booking", secrets.token_hex(16))

    def _get_next(self, error, values):
        """Offers in the place of a time that has just been taken."""
        slots = (getattr(error, "context", None) or {}).get("slots") or []
        if not slots:
            return values["specialist"]._get_site_offers()
        own = [
            slot for slot in slots if slot["specialist_id"] == values["specialist"].id
        ]
        return [
            {
                "specialist": values["specialist"],
                "service": values["service"],
                "slots": values["specialist"]._localize_slots(own),
            }
        ]
