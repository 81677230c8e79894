from odoo import api, models
from odoo.tools import SQL

# Rows of (visit id, moment, key) per trigger. The key tells one occasion of a visit
# from another, so that each is decided once: a moved visit is met again, a visit that
# was met before a failure of the server is not.
OCCASIONS = {
    "visit_booked": """
        SELECT visit.id, COALESCE(log.create_date, visit.create_date), 'booked'
          FROM clinic_appointment visit
     LEFT JOIN clinic_appointment_log log
            ON log.appointment_id = visit.id
           AND log.event = 'state' AND log.old = 'hold' AND log.new = 'booked'
         WHERE visit.state NOT IN ('hold', 'expired')
    """,
    "visit_moved": """
        SELECT appointment_id, create_date, 'moved:' || id
          FROM clinic_appointment_log
         WHERE event = 'moved'
    """,
    "visit_missed": """
        SELECT appointment_id, create_date, 'missed:' || id
          FROM clinic_appointment_log
         WHERE event = 'state' AND new = 'no_show'
    """,
    "charge_invoiced": """
        SELECT charge.appointment_id, move.create_date, 'invoice:' || move.id
          FROM clinic_charge charge
          JOIN account_move_line line ON line.clinic_charge_id = charge.id
          JOIN account_move move ON move.id = line.move_id
         WHERE move.move_type = 'out_invoice' AND move.state = 'posted'
    """,
    "payment_came": """
        SELECT DISTINCT charge.appointment_id, partial.create_date,
               'payment:' || partial.id
          FROM account_partial_reconcile partial
          JOIN account_move_line item ON item.id = partial.debit_move_id
          JOIN account_move_line line ON line.move_id = item.move_id
          JOIN clinic_charge charge ON charge.id = line.clinic_charge_id
         WHERE partial.create_date > %(since)s AND partial.create_date <= %(until)s
    """,
    "promise_broken": """
        SELECT visit.id, promise.broken_on, 'promise:' || promise.id
          FROM clinic_payment_promise promise
          JOIN clinic_patient patient
            ON COALESCE(patient.payer_id, patient.partner_id) = promise.payer_id
          JOIN clinic_appointment visit ON visit.patient_id = patient.id
           AND visit.company_id = promise.company_id
           AND visit.start > promise.broken_on
         WHERE promise.broken_on IS NOT NULL
    """,
    # Who books later than the rule would have looked is looked at when booked.
    "before_visit": """
        SELECT visit.id,
               GREATEST(visit.start - %(offset)s, visit.create_date),
               'before:' || visit.start
          FROM clinic_appointment visit
         WHERE visit.start > %(since)s
           AND visit.start <= %(until)s::timestamp + %(offset)s
           AND visit.state NOT IN ('hold', 'expired')
    """,
    "after_visit": """
        SELECT visit.id, visit.stop + %(offset)s, 'after:' || visit.start
          FROM clinic_appointment visit
         WHERE visit.stop > %(since)s::timestamp - %(offset)s
           AND visit.stop <= %(until)s::timestamp - %(offset)s
           AND visit.state NOT IN ('hold', 'expired')
    """,
    "daily": """
        SELECT visit.id, daily.moment, 'day:' || daily.day
          FROM clinic_branch branch
    CROSS JOIN LATERAL (
               SELECT day::date AS day,
                      (day + %(hour)s) AT TIME ZONE branch.tz AT TIME ZONE 'UTC'
                          AS moment
                 FROM generate_series(
                          date_trunc('day', %(since)s::timestamp) - interval '1 day',
                          date_trunc('day', %(until)s::timestamp) + interval '1 day',
                          interval '1 day') AS series(day)) daily
          JOIN clinic_appointment visit ON visit.branch_id = branch.id
           AND visit.start > daily.moment
           AND visit.start <= daily.moment + %(ahead)s
           AND visit.create_date <= daily.moment
         WHERE daily.moment > %(since)s AND daily.moment <= %(until)s
           AND visit.state NOT IN ('hold', 'expired')
    """,
}
# About visits that are still to come; elsewhere the condition says which.
COMING_ONLY = {
    "visit_booked",
    "visit_moved",
    "before_visit",
    "daily",
    "promise_broken",
}


class ClinicDecisionRule(models.Model):
    """On which visits a rule falls, and when: the same for a trial and a run."""

    _inherit = "clinic.decision.rule"

    @api.model
    def _get_occasions(self):
        """Door: {trigger: SQL of its rows}, for triggers added to the selection.

        Rows are (visit id, moment, key); the text may speak of ``%(since)s``,
        ``%(until)s`` and what the rule says: ``%(offset)s``, ``%(hour)s``,
        ``%(ahead)s``.
        """
        return OCCASIONS

    @api.model
    def _get_coming_triggers(self):
        """Door: triggers that are about visits that are still to come."""
        return COMING_ONLY

    def _find_occasions(self, since, until):
        """When the trigger met which visit, in (since, until], oldest first.

        :param since: naive UTC; so is ``until``
        :return: rows of (visit id, moment, key)
        """
        self.ensure_one()
        self.env["clinic.decision.fact"]._flush_sources()
        days = self._get_days_sql()
        return self.env.execute_query(
            SQL(
                """
                SELECT visit.id, occasion.moment, occasion.key
                  FROM (%(occasions)s) AS occasion(visit_id, moment, key)
                  JOIN clinic_appointment visit ON visit.id = occasion.visit_id
                  JOIN clinic_branch branch ON branch.id = visit.branch_id
                 WHERE occasion.moment > %(since)s AND occasion.moment <= %(until)s
                   AND visit.company_id = %(company)s
                   AND visit.patient_id IS NOT NULL
                   AND (%(everywhere)s OR visit.branch_id = ANY(%(branches)s))
                   AND %(days)s
              ORDER BY occasion.moment, visit.id
                """,
                occasions=self._get_occasions_sql(since, until),
                since=since,
                until=until,
                company=self.company_id.id,
                everywhere=not self.branch_ids,
                branches=self.branch_ids.ids,
                days=days,
            )
        )

    def _get_occasions_sql(self, since, until):
        offset = SQL(
            "%s * %s::interval",
            self.offset,
            "1 day" if self.offset_unit == "days" else "1 hour",
        )
        values = {
            "since": since,
            "until": until,
            "offset": offset,
            "hour": SQL("%s * interval '1 hour'", self.daily_hour),
            "ahead": SQL("%s * interval '1 day'", self.days_ahead),
        }
        text = self._get_occasions()[self.trigger]
        used = {name: some for name, some in values.items() if f"%({name})s" in text}
        return SQL(text, **used)

    def _get_days_sql(self):
        """The days (branch time) on which the rule is in force."""
        day = SQL("(occasion.moment AT TIME ZONE 'UTC' AT TIME ZONE branch.tz)::date")
        return SQL(
            "%(day)s >= %(from)s AND %(day)s <= %(to)s",
            **{
                "day": day,
                "from": self.date_from or "-infinity",
                "to": self.date_to or "infinity",
            },
        )

    def _get_coming_facts(self, facts):
        """``facts`` without visits that are over or called off, where that matters."""
        if self.trigger not in self._get_coming_triggers():
            return facts
        return facts.filtered(
            lambda fact: (
                fact.state in ("booked", "confirmed") and fact.days_to_visit > 0
            )
        )
