from collections import defaultdict

from odoo import api, models

from odoo.addons.clinic_base.tools.walltime import to_wall


class ClinicAnnounceMixin(models.AbstractModel):
    """What stands on boards: rows with a start in a branch, whose change is told."""

    _name = "clinic.announce.mixin"
    _description = "Told to open boards"

    # Fields that a board shows; None for all.
    _announced_fields = None
    # Whether boards read single rows again, or all else of the day.
    _announced_singly = False

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._announce()
        return records

    def write(self, vals):
        shown = self._announced_fields
        if shown is not None and not shown & vals.keys():
            return super().write(vals)
        # Boards of the day that it leaves hear of it too.
        self._announce()
        result = super().write(vals)
        self._announce()
        return result

    def _announce(self):
        days = defaultdict(set)
        for record in self:
            branch = record.branch_id
            days[branch].add(to_wall(record.start, branch.tz).date())
        for branch, records in self.grouped("branch_id").items():
            ids = records.ids if self._announced_singly else ()
            branch._announce_change(days[branch], ids)
