from odoo import fields
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _parse_day(text):
    """The date of an ISO text, or None for anything else."""
    try:
        return fields.Date.to_date(text) or None
    except ValueError:
        return None


class PatientPortal(CustomerPortal):
    """What a signed-in patient sees: visits, invoices and the balance; own and the
    family's, never anything medical."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "clinic_visit_count" in counters:
            values["clinic_visit_count"] = (
                request.env["clinic.appointment"]
                .sudo()
                .search_count([("patient_id", "in", self._get_patients_sudo().ids)])
            )
        if "clinic_account_count" in counters:
            values["clinic_account_count"] = len(self._get_patients_sudo())
        return values

    @route("/my/visits", type="http", auth="user", website=True, methods=["GET"])
    def portal_my_visits(self, **_kwargs):
        patients_sudo = self._get_patients_sudo()
        coming, past = patients_sudo.env["clinic.appointment"]._get_portal_visits(
            patients_sudo
        )
        bookable_sudo = self._get_patients_sudo("may_book")
        return request.render(
            "clinic_portal.portal_my_visits",
            {
                "page_name": "clinic_visits",
                "coming": coming,
                "past": past,
                "answerable": coming.filtered(
                    lambda visit: visit.patient_id in bookable_sudo
                ),
                "several": len(patients_sudo) > 1,
            },
        )

    @route(
        "/my/visits/<int:visit_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_answer_visit(self, visit_id, **_kwargs):
        """To the page where the visit is confirmed or cancelled."""
        # The page shows the visit: who may not see it does not answer either.
        patients_sudo = self._get_patients_sudo() & self._get_patients_sudo("may_book")
        visit_sudo = patients_sudo.env["clinic.appointment"].search(
            [("id", "=", visit_id), ("patient_id", "in", patients_sudo.ids)]
        )
        if not visit_sudo:
            raise request.not_found()
        link_sudo = visit_sudo.env["clinic.visit.link"]._get(visit_sudo)
        return request.redirect(link_sudo._get_address())

    @route(
        "/my/account-balance", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_account_balance(self, date_from="", date_to="", **_kwargs):
        statement_sudo = self._get_statement_sudo(date_from, date_to)
        partner_sudo = statement_sudo.partner_id
        balances = statement_sudo.env["clinic.patient"]._get_balances(partner_sudo)
        return request.render(
            "clinic_portal.portal_my_account_balance",
            {
                "page_name": "clinic_account",
                "balance": balances.get(partner_sudo.id, 0.0),
                "currency": request.env.company.currency_id,
                "statement": statement_sudo,
                "period": {
                    "date_from": statement_sudo.date_from.isoformat(),
                    "date_to": statement_sudo.date_to.isoformat(),
                },
            },
        )

    @route(
        "/my/account-balance/<any(pdf,xlsx):kind>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_my_statement(self, kind, date_from="", date_to="", **_kwargs):
        """The statement of the period as a file."""
        statement_sudo = self._get_statement_sudo(date_from, date_to)
        content, mime = getattr(self, f"_make_{kind}")(statement_sudo)
        name = f"{statement_sudo.date_from}-{statement_sudo.date_to}.{kind}"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mime),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _make_pdf(self, statement_sudo):
        content, _extension = statement_sudo.env["ir.actions.report"]._render(
            "clinic_finance.clinic_statement_pdf", statement_sudo.ids
        )
        return content, "application/pdf"

    def _make_xlsx(self, statement_sudo):
        # The report's action would read the statement as the user, who may not.
        report = statement_sudo.env["report.clinic_finance.statement_xlsx"]
        content, _extension = report.with_context(
            active_model=statement_sudo._name
        ).create_xlsx_report(statement_sudo.ids, {})
        return content, XLSX

    def _get_statement_sudo(self, date_from, date_to):
        """The signed-in payer's own statement; this year's unless told otherwise."""
        today = fields.Date.context_today(request.env.user, request.env.cr.now())
        first = _parse_day(date_from) or today.replace(month=1, day=1)
        last = max(_parse_day(date_to) or today, first)
        # The ledger is the accountants'; the statement is of the user's own account.
        statement_sudo = (
            request.env["clinic.statement"]
            .sudo()
            .create(
                {
                    "partner_id": request.env.user.partner_id.id,
                    "company_id": request.env.company.id,
                    "date_from": first,
                    "date_to": last,
                }
            )
        )
        statement_sudo._fill()
        return statement_sudo

    def _get_patients_sudo(self, right="may_see"):
        # The user's own card and those of relatives who allow it.
        return (
            request.env["clinic.patient"]
            .sudo()
            ._get_portal_patients(request.env.user.partner_id, right)
        )
