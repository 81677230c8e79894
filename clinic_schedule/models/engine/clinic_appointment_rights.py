from odoo import api, models
from odoo.exceptions import AccessError

from odoo.addons.clinic_base.tools.payload import Payload

API_GROUP = "clinic_base.group_booking_api"  # keys of other sites
BOOKING_GROUPS = (
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_medical",
    "clinic_base.group_clinic_manager",
    API_GROUP,
)
DESK_GROUPS = (
    "clinic_base.group_registrar",
    "clinic_base.group_call_center",
    "clinic_base.group_clinic_manager",
)
CHIEF_GROUPS = (
    "clinic_base.group_registrar_chief",
    "clinic_base.group_clinic_manager",
)


class ClinicAppointment(models.Model):
    """Who may ask for times, and who may book them."""

    _inherit = "clinic.appointment"

    @api.model
    def _is_api_client(self):
        """Whether the caller is the key of another site, as superuser too."""
        return self.env.user.has_group(API_GROUP)

    @api.model
    def _is_public_client(self):
        """Whether notice and horizon of the public site hold for the caller."""
        return self._is_api_client() or self.env.user.share

    @api.model
    def _is_chief(self):
        """Whether the caller may overbook, and put mistakes of the desk right."""
        return self.env.su or any(map(self.env.user.has_group, CHIEF_GROUPS))

    @api.model
    def _check_may_search(self, kind="search"):
        """
        :param kind: "search" or "book", which the keys of other sites may do so often
        :raises AccessError: without the right to book
        :raises TooManyCallsError: if another site calls too often
        """
        self._check_has_booking_role()
        if self.env.su:
            return
        if self._is_api_client():
            settings = self.env["clinic.schedule.settings"]._get()
            maximum = settings.api_bookings if kind == "book" else settings.api_searches
            # Counted whatever becomes of the call itself, hence a cursor of its own.
            with self._get_fresh_view() as fresh:
                fresh.env["clinic.api.call"]._count(kind, maximum)

    @api.model
    def _check_has_booking_role(self):
        """:raises AccessError: without the right to book"""
        allowed = self.env.su or any(map(self.env.user.has_group, BOOKING_GROUPS))
        if not allowed:
            raise AccessError(self.env._("You may not look for times or book visits."))

    @api.model
    def _check_may_change(self):
        """
        :raises AccessError: for specialists whose clinic leaves booking to the desk
        """
        user = self.env.user
        if self.env.su or not user.has_group("clinic_base.group_medical"):
            return
        # A setting of one's own company; another role books whatever it says.
        books = user.sudo().company_id.clinic_specialist_books
        if not books and not any(map(user.has_group, DESK_GROUPS)):
            raise AccessError(self.env._("In your clinic only the desk books visits."))

    @api.model
    def _check_api_keys(self, values, known):
        """:raises AccessError: a key says what is not on its list"""
        if not self._is_api_client():
            return
        if beyond := Payload(self.env, values).values.keys() - known:
            raise AccessError(
                self.env._(
                    "Another site may not say: %(names)s.",
                    names=Payload.name_keys(beyond),
                )
            )

    @api.model
    def _refuse_api_client(self):
        """:raises AccessError: for the key of another site"""
        if self._is_api_client():
            raise AccessError(self.env._("Another site may only search and book."))
