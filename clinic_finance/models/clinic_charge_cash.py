from odoo import models


class ClinicCharge(models.Model):
    _inherit = "clinic.charge"

    def _hold(self):
        """Hold the charges until the end of this transaction, and read them anew.

        Somebody who pays them at the same moment fails with a serialization error, is
        run again by the server and sees that they are paid.
        """
        self.env.cr.execute(
            "UPDATE clinic_charge SET write_date = write_date WHERE id = ANY(%s)",
            [sorted(self.ids)],
        )
        self.invalidate_recordset(["state"])
