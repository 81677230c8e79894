from collections import defaultdict

from odoo import api, models

from odoo.addons.clinic_base.tools.walltime import to_wall


class ClinicAnnounceMixin(models.AbstractModel):
    """What stands on boards: rows with a start in a branch, whose change is told."""

    _name = "clinic.announce.mixin"
    _description = "Told to open boards"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._announce()
        return records

    def write(self, vals):
        if not self._is_shown(vals):
            return super().write(vals)
        # Boards of the day that it leaves hear of it too.
        self._announce()
        result = super().write(vals)
        self._announce()
        return result

    @api.model
    def _is_shown(self, _vals):
        """Hook: whether a board shows what ``vals`` change."""
        return True

    def _get_announced_ids(self):
        """Hook: ids of visits that boards read again; none for all else of the day."""
        return []

    def _announce(self):
        days = defaultdict(set)
        for record in self:
            branch = record.branch_id
            days[branch].add(to_wall(record.start, branch.tz).date())
        for branch, records in self.grouped("branch_id").items():
            branch._announce_change(days[branch], records._get_announced_ids())
