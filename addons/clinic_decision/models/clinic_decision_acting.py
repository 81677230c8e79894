import logging
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import models

from ..tools.decisions import hand_out

_logger = logging.getLogger(__name__)

COMING = ("booked", "confirmed")
# Of one notice, however many decisions it is about.
MOST_LINKS = 50


class ClinicDecisionLog(models.Model):
    """Carry decisions out: each kind of action in a batch, one by one if that fails."""

    _inherit = "clinic.decision.log"

    def _act(self):
        """Do what has been decided, in the order of rules and actions."""
        for (_rule, action), logs in (
            self.sorted(
                lambda log: (
                    log.rule_id.sequence,
                    log.rule_id.id,
                    log.action_id.sequence,
                )
            )
            .grouped(lambda log: (log.rule_id, log.action_id))
            .items()
        ):
            logs._act_safely(action)

    def _act_safely(self, action):
        """One bad visit stops no other.

        :raises psycopg2.OperationalError: conflicts with other transactions
        """
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_act_{action.kind}")(action)
        except OperationalError:
            raise
        except Exception as error:
            self.invalidate_recordset()
            if len(self) > 1:
                for log in self:
                    log._act_safely(action)
                return
            # The class only: the text may name somebody.
            self.write({"outcome": "failed", "error": type(error).__name__})
            _logger.warning("Decision %s failed: %s", self.id, type(error).__name__)

    def _skip(self, reason):
        self.write({"outcome": "skipped", "skip_reason": reason})

    def _keep_coming(self):
        """Those whose visit is still to come; the others have nothing to be done."""
        now = self.env.cr.now()
        kept = self.filtered(
            lambda log: (
                log.appointment_id.state in COMING and log.appointment_id.start > now
            )
        )
        (self - kept)._skip("over")
        return kept

    # === ACTIONS === #

    def _act_cancel(self, action):
        self._keep_coming().appointment_id._cancel(action.cancel_reason_id)

    def _act_prepay(self, action):
        coming = self._keep_coming()
        paid = coming.filtered(lambda log: not log.facts["unpaid"])
        paid._skip("paid")
        for visit in (coming - paid).appointment_id:
            due = action.hours and visit.start - timedelta(hours=action.hours)
            visit._demand_prepayment(due or None)

    def _act_block(self, action):
        promised = self.filtered(lambda log: log.facts["promised"])
        promised._skip("promise")
        self.env["clinic.financial.block"]._block_for(self - promised, action)

    def _act_lift(self, action):
        for (payer, company), logs in self.grouped(
            lambda log: (log.payer_id, log.company_id)
        ).items():
            blocks = self.env["clinic.financial.block"]._find_active(payer, company)
            if not blocks:
                logs._skip("free")
            blocks._lift(action.rule_id.name)

    def _act_remind(self, _action):
        coming = self._keep_coming()
        self.env["clinic.message"]._enqueue(
            "debt",
            [
                {
                    "key": log._get_message_key(),
                    "patient_id": log.patient_id.id,
                    "appointment_id": log.appointment_id.id,
                    "company_id": log.company_id.id,
                    "values": log._get_reminder_values(),
                }
                for log in coming
            ],
        )

    def _get_message_key(self):
        return f"decision:{self.id}"

    def _get_reminder_values(self):
        """What is to be paid: for the visit, else in all."""
        lang = self.patient_id.lang or self.env.lang
        currency = self.company_id.currency_id.with_context(lang=lang)
        return {"amount": currency.format(self.facts["unpaid"] or self.facts["debt"])}

    def _act_task(self, action):
        """Neutral: a task shows neither the patient nor the service."""
        logs = self._assign(action)
        # Odoo would look its default up for each of them.
        todo = self.env.ref("mail.mail_activity_data_todo")
        today = self.env.company._get_clinic_today()
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": todo.id,
                    "summary": action.text or action.rule_id.name,
                    "note": log._render_links(log.user_id),
                    "user_id": log.user_id.id,
                    "date_deadline": today,
                    "automated": True,
                }
                for log in logs
            ]
        )

    def _assign(self, action):
        """Note who gets the task of each decision; those that nobody gets tell so.

        :return: the decisions with somebody to act on them
        """
        if not action.role_id:
            self.user_id = action.user_id
            return self
        for company, logs in self.grouped("company_id").items():
            members = action.role_id.user_ids.filtered(
                lambda user, company=company: (
                    user.active and not user.share and company in user.company_ids
                )
            )
            load = self.env["mail.activity"]._read_group(
                [("user_id", "in", members.ids)], ["user_id"], ["__count"]
            )
            chosen = hand_out(
                [log.branch_id.id for log in logs],
                {user.id: user.clinic_branch_ids.ids for user in members},
                {user.id: count for user, count in load},
            )
            for log, user_id in zip(logs, chosen, strict=True):
                log.user_id = user_id or action.user_id
        nobody = self.filtered(lambda log: not log.user_id)
        nobody._skip("nobody")
        return self - nobody

    def _act_notify(self, action):
        """One message in the inbox, however many visits it is about."""
        person = action.user_id.with_context(lang=action.user_id.lang)
        self.env["mail.thread"].message_notify(
            partner_ids=person.partner_id.ids,
            subject=action.with_context(lang=person.lang).text or action.rule_id.name,
            body=self[:MOST_LINKS]._render_links(person),
        )

    def _render_links(self, reader):
        """To the decisions; to the visits for a ``reader`` who reads no decisions."""
        if reader.has_group("clinic_base.group_accountant"):
            links = [("clinic-decisions", log.id, log.display_name) for log in self]
        else:
            env = self.with_context(lang=reader.lang).env
            links = [
                ("clinic-visits", visit.id, env._("Visit %(id)s", id=visit.id))
                for visit in self.appointment_id
            ]
        return self.env["ir.qweb"]._render(
            "clinic_decision.decision_links", {"links": links}
        )
