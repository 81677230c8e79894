import csv
from functools import partial

from odoo import api, models


class ClinicFileLoader(models.AbstractModel):
    """Lists by the command line: the same rows, and their fates as a file."""

    _inherit = "clinic.file.loader"

    @api.model
    def _get_list_loaders(self):
        kinds = self.env["clinic.list.import"]._get_kinds()
        return {kind: partial(self._load_list, kind) for kind in kinds}

    @api.model
    def _load_list(self, kind, order, _report):
        """The whole list in one transaction: lists are short."""
        run = self.env["clinic.list.import"].create({"kind": kind})
        reports, message = run._load(order.path.read_bytes(), keep=not order.dry_run)
        told = [one for one in reports if one["state"] in ("asked", "refused")]
        if told:
            with order.rejects.open("w", newline="", encoding="utf-8-sig") as out:
                names = ("sheet", "number", "state", "message", "text")
                rows = csv.DictWriter(out, names, delimiter=";", extrasaction="ignore")
                rows.writerows(told)
        counts = run._count(reports)
        # As every loader commits what it has loaded.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        return {
            "created": counts["made"],
            "known": counts["known"],
            "rejected": len(told),
            "message": message or False,
        }
