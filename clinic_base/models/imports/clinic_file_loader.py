from odoo import api, models
from odoo.exceptions import UserError

from ...tools.file_loading import FIGURES


class ClinicFileLoader(models.AbstractModel):
    """Files that the command line loads, each kind by the module that owns its rows."""

    _name = "clinic.file.loader"
    _description = "Loader of files"

    @api.model
    def _get_loaders(self):
        """Hook: {kind: loader}; see :data:`..tools.file_loading.Loader`.

        A loader commits its batches itself, goes on where it was interrupted, and
        returns ``created`` and, if it has them, ``rejected``, ``state``, ``message``.
        """
        return {**self._get_list_loaders(), "patients": self._load_patients}

    @api.model
    def _load(self, kind, order, report):
        """Load the file of ``order`` as ``kind``.

        :param order: a :class:`..tools.file_loading.Order`
        :param report: called with a dict of :data:`FIGURES` after every batch
        :raises UserError: no installed module loads this kind, or another import of
            it is under way
        """
        # What is told is read by the clinic's people.
        self = self.with_context(lang=self.env.company.partner_id.lang)
        loaders = self._get_loaders()
        if kind not in loaders:
            raise UserError(
                self.env._(
                    "No installed module loads “%(kind)s”; there are: %(kinds)s.",
                    kind=kind,
                    kinds=", ".join(sorted(loaders)),
                )
            )
        with self.env["clinic.import.turn"]._hold(kind):
            return loaders[kind](order, lambda run: report(run.read(FIGURES)[0]))

    @api.model
    def _load_patients(self, order, report):
        runs = self.env["clinic.patient.import"]._import_csv(
            order.path,
            mapping=order.mapping,
            dry_run=order.dry_run,
            jobs=order.jobs,
            report=report,
        )
        runs = runs.with_context(lang=self.env.company.partner_id.lang)
        if runs.reject_ids:
            rejects = "".join(run._get_rejects() for run in runs)
            order.rejects.write_text("\ufeff" + rejects, encoding="utf-8")
        failed = runs.filtered(lambda run: run.state == "failed")
        return {
            "state": (failed or runs)[:1].state or "done",
            "message": "\n".join(filter(None, runs.mapped("message"))) or False,
            **{
                name: sum(runs.mapped(name))
                for name in (
                    *("created", "rejected", "known", "changed"),
                    *("doubtful", "flawed"),
                )
            },
        }
