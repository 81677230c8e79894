from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.clinic_base.tools.walltime import day_bounds, to_wall

CHIEFS = "clinic_base.group_registrar_chief,clinic_base.group_clinic_manager"
NEXT_SHOWN = 4


class Ticket(NamedTuple):
    """A patient as strangers in the hall may know of them."""

    initials: str
    number: str


class Place(NamedTuple):
    """A room on the screen."""

    name: str
    called: tuple[Ticket, ...]
    inside: tuple[Ticket, ...]
    waiting: tuple[Ticket, ...]
    more: int


class ClinicHallScreen(models.Model):
    """The queue on a television in the hall, under a secret address without sign-in.

    It names nobody and no service: initials and the number of the card.
    """

    _name = "clinic.hall.screen"
    _description = "Screen in the hall"
    _inherit = ["clinic.archive.mixin", "clinic.secret.link.mixin"]
    _order = "branch_id, department_id, id"

    _link_path = "/clinic/hall/{token}"

    branch_id = fields.Many2one("clinic.branch", required=True, ondelete="restrict")
    department_id = fields.Many2one(
        "clinic.department",
        domain="[('branch_id', '=', branch_id)]",
        ondelete="restrict",
        help="Empty: all rooms of the branch.",
    )
    lang = fields.Selection(
        "_get_languages",
        required=True,
        string="Language",
        default=lambda self: self.env.lang or "en_US",
    )
    theme = fields.Selection(
        [("dark", "Dark"), ("light", "Light")], required=True, default="dark"
    )
    address = fields.Char(compute="_compute_address", groups=CHIEFS)

    @api.model
    def _get_languages(self):
        return self.env["res.lang"].get_installed()

    @api.depends("branch_id", "department_id")
    def _compute_display_name(self):
        for screen in self:
            parts = (screen.branch_id.name, screen.department_id.name)
            screen.display_name = " · ".join(filter(None, parts))

    @api.depends("token_seed")
    def _compute_address(self):
        for screen in self:
            screen.address = screen._get_address()

    def action_revoke(self):
        """From now on the address answers nothing."""
        self.check_access("write")
        return self.archive_with_reason(self.env._("The address was withdrawn"))

    def action_renew(self):
        """A fresh secret; the address before it is dead."""
        self.check_access("write")
        self._renew_links()

    def _is_link_kept(self):
        return self.branch_id.active

    def _get_queue(self):
        """:class:`Place` of each room where somebody waits or is received now."""
        self.ensure_one()
        by_room = self._find_visits().grouped("room_id")
        rooms = sorted(by_room, key=lambda room: (not room, room.name or ""))
        return [self._prepare_place(room, by_room[room]) for room in rooms]

    def _find_visits(self):
        tz = self.branch_id.tz
        start, stop = day_bounds(to_wall(self.env.cr.now(), tz).date(), tz)
        domain = [
            ("branch_id", "=", self.branch_id.id),
            ("state", "in", ("arrived", "in_progress")),
            ("telemedicine", "=", False),
            ("start", ">=", start),
            ("start", "<", stop),
        ]
        if self.department_id:
            domain.append(("room_id.department_id", "=", self.department_id.id))
        return self.env["clinic.appointment"].search_fetch(
            domain,
            ["patient_id", "room_id", "state", "called_at", "start"],
            order="start, id",
        )

    def _prepare_place(self, room, visits):
        inside = visits.filtered(lambda visit: visit.state == "in_progress")
        called = (visits - inside).filtered("called_at").sorted("called_at")
        waiting = visits - inside - called
        return Place(
            name=room.name or "",
            called=tuple(map(self._prepare_ticket, called)),
            inside=tuple(map(self._prepare_ticket, inside)),
            waiting=tuple(map(self._prepare_ticket, waiting[:NEXT_SHOWN])),
            more=max(len(waiting) - NEXT_SHOWN, 0),
        )

    def _prepare_ticket(self, visit):
        patient = visit.patient_id
        return Ticket(patient._get_initials(), patient.card_number)
