import re

from odoo import models

from ..roster.clinic_branch import BOARD_CHANNEL

BOARD_NAME = re.compile(rf"{BOARD_CHANNEL}_(\d{{1,9}})")


class IrWebsocket(models.AbstractModel):
    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        own = [name for name in channels if BOARD_NAME.fullmatch(name)]
        others = [name for name in channels if name not in own]
        return super()._build_bus_channel_list(
            [*others, *self._get_board_channels(own)]
        )

    def _get_board_channels(self, names):
        """Channels of the branches that the user may read, asked for by name."""
        if not names or not self.env["clinic.appointment"].has_access("read"):
            return []
        branch_ids = [int(BOARD_NAME.fullmatch(name)[1]) for name in names]
        branches = self.env["clinic.branch"].search([("id", "in", branch_ids)])
        return [(branch, BOARD_CHANNEL) for branch in branches]
