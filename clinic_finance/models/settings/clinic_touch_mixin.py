from odoo import models
from odoo.tools import SQL


class ClinicTouchMixin(models.AbstractModel):
    """Rows that one transaction at a time works with."""

    _name = "clinic.touch.mixin"
    _description = "Rows held by who works with them"

    def _touch(self):
        """Hold the rows until the end of this transaction.

        Whoever touches them at the same moment fails with a serialization error, is run
        again by the server and sees what the first has done.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)",
                    SQL.identifier(self._table),
                    sorted(self.ids),
                )
            )
