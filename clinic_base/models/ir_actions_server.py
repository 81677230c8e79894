from odoo import models

from ..tools.authority import closed_to_medical


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    def run(self):
        """Actions live in the database, where administrators write them: they see
        nothing medical, in a physician's request too. The product's own crons, which
        are actions as well, open it by name with ``medical_job``."""
        with closed_to_medical():
            return super().run()
