from odoo import api, models

from odoo.addons.clinic_base.tools.walltime import MINUTE

from ...tools.explain import SIEVES, Reason


class ClinicAppointment(models.Model):
    _inherit = "clinic.appointment"

    @api.model
    @api.readonly
    def explain_no_slots(self, criteria):
        """Why :meth:`find_slots` finds nothing, in words with counts.

        :param criteria: those of :meth:`find_slots`
        :return: {text, sieve, counts}; counts are specialists left after each sieve
        """
        self._check_may_search()
        # How many specialists work and are taken is the clinic's own business.
        self._refuse_api_client()
        # Checked just above. The answer holds counts, never patients.
        self = self.sudo()
        reason = self._explain(self._get_criteria(criteria))
        text = (
            reason.get_text(self.env) if reason.sieve else self.env._("There is time.")
        )
        return {"text": text, "sieve": reason.sieve or False, "counts": reason.counts}

    @api.model
    def _explain(self, criteria):
        """:class:`Reason` why checked criteria find nothing."""
        params = self._get_query_params(criteria)
        if params is None:
            return Reason.from_counts({name: 0 for name, _text in SIEVES})
        params["first_before"] = criteria.stop + MINUTE
        [counts] = self._run_query("counts", params)
        return Reason.from_counts(counts)
