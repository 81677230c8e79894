from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .clinic_patient import CAME, COMING


class ClinicAccessLog(models.Model):
    """A row belongs to the companies of its patients, and to that of whoever works in
    no other one: there the chief has to see what own people did with any record. Where
    no company has the patients, it belongs to all in which whoever made it works."""

    _inherit = "clinic.access.log"

    is_company_row = fields.Boolean(
        string="Of these companies",
        compute="_compute_is_company_row",
        search="_search_is_company_row",
        help="For record rules.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_company_row(self):
        # Sudo: rules ask.
        ours = self.sudo().search(
            Domain("id", "in", self.ids) & Domain("is_company_row", "=", True)
        )
        for row in self:
            row.is_company_row = row in ours

    @api.model
    def _search_is_company_row(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        companies = self.env.companies
        # Sudo: how many there are is all that is asked.
        if len(companies) == companies.sudo().search_count([]):
            return Domain.TRUE
        # Sudo: numbers of colleagues, for the rule alone.
        users = self.env["res.users"].sudo().with_context(active_test=False)
        working = Domain("share", "=", False) & Domain(
            "company_ids", "in", companies.ids
        )
        others = Domain("company_ids", "any!", [("id", "not in", companies.ids)])
        here_alone = Domain("login_uid", "in", users._search(working & ~others))
        nobodys = Domain.custom(to_sql=self._names_nobody)
        return (
            here_alone
            | Domain("login_uid", "in", users._search(working)) & nobodys
            | Domain.custom(to_sql=self._names_company_patient)
        )

    @api.model
    def _names_nobody(self, model, alias, query):
        """Whether no company has a row's patients: it names none, or none who was or
        is going to be anywhere."""
        return SQL(
            """NOT EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(%s) AS named
                  JOIN clinic_patient AS card ON card.id = named.value::int
                  JOIN clinic_appointment AS visit
                    ON visit.patient_id = COALESCE(card.merged_into_id, card.id)
                 WHERE visit.state IN %s
            )""",
            SQL.identifier(alias, "patient_ids"),
            (*CAME, *COMING),
        )

    @api.model
    def _names_company_patient(self, model, alias, query):
        """Whether one of a row's patients, or the card that theirs was merged into, is
        a patient of the companies."""
        # Sudo: as above.
        patients = self.env["clinic.patient"].sudo().with_context(active_test=False)
        ours = patients._search([("is_company_patient", "=", True)], order="id")
        return SQL(
            """EXISTS (
                SELECT 1 FROM jsonb_array_elements_text(%s) AS named
                  JOIN clinic_patient AS card ON card.id = named.value::int
                 WHERE COALESCE(card.merged_into_id, card.id) IN %s
            )""",
            SQL.identifier(alias, "patient_ids"),
            ours.subselect(),
        )
