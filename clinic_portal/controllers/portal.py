from odoo import fields
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


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
        return request.render(
            "clinic_portal.portal_my_visits",
            {
                "page_name": "clinic_visits",
                "coming": coming,
                "past": past,
                "several": len(patients_sudo) > 1,
            },
        )

    @route(
        "/my/account-balance", type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_account_balance(self, **_kwargs):
        partner = request.env.user.partner_id
        # The ledger is the accountants'; the lines below are the user's own.
        env = request.env(su=True)
        balance = (
            env["clinic.patient"]._get_balances(partner.sudo()).get(partner.id, 0.0)
        )
        lines_sudo = env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("company_id", "in", request.env.companies.ids),
            ],
            order="date desc, id desc",
            limit=100,
        )
        return request.render(
            "clinic_portal.portal_my_account_balance",
            {
                "page_name": "clinic_account",
                "balance": balance,
                "currency": request.env.company.currency_id,
                "lines": lines_sudo,
                "today": fields.Date.context_today(partner),
            },
        )

    def _get_patients_sudo(self):
        # The user's own card and those of relatives who allow it.
        return (
            request.env["clinic.patient"]
            .sudo()
            ._get_portal_patients(request.env.user.partner_id)
        )
