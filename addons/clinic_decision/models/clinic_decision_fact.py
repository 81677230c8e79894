from dataclasses import dataclass

from odoo import api, fields, models
from odoo.tools import SQL

COMING_STATES = ("booked", "confirmed")
# What a condition of a rule is never about.
TECHNICAL = frozenset(
    {
        "appointment_id",
        "company_id",
        "create_date",
        "create_uid",
        "currency_id",
        "display_name",
        "id",
        "moment",
        "write_date",
        "write_uid",
    }
)


@dataclass(frozen=True, eq=False)
class Asked:
    """Visits and the moments (naive UTC) as of which their facts are wanted.

    An object, so that no client can put it into its context.
    """

    visits: tuple
    moments: tuple


class ClinicDecisionFact(models.Model):
    """What rules and scores may know about a visit: one row per visit.

    Computed when read, for the coming visits as of now, or for chosen visits as of
    chosen moments (:meth:`_as_of`): what happened later is not in it. Nothing medical.
    """

    _name = "clinic.decision.fact"
    _description = "Fact about a visit"
    _auto = False
    _order = "start, id"
    _rec_name = "appointment_id"

    appointment_id = fields.Many2one("clinic.appointment", string="Visit")
    moment = fields.Datetime(string="As of")
    company_id = fields.Many2one("res.company")
    currency_id = fields.Many2one("res.currency")
    branch_id = fields.Many2one("clinic.branch")
    patient_id = fields.Many2one("clinic.patient")
    payer_id = fields.Many2one("res.partner")
    category_id = fields.Many2one("clinic.patient.category", string="Patient category")
    payment_source_id = fields.Many2one("clinic.payment.source")
    service_id = fields.Many2one("product.product")
    specialist_id = fields.Many2one("clinic.specialist")
    state = fields.Selection("_get_states", string="State of the visit")
    start = fields.Datetime(string="Visit at")
    days_to_visit = fields.Float(
        string="Days to the visit", digits=(16, 1), help="0.5 is twelve hours."
    )
    lead_days = fields.Integer(
        string="Booked days ahead", help="From the booking to the visit."
    )
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        string="Day of the week",
    )
    hour = fields.Integer(string="Hour of the visit", help="Branch time, 0 to 23.")
    first_visit = fields.Boolean(string="First visit to the specialist")
    new_patient = fields.Boolean(help="Has never been at the clinic.")
    visits_before = fields.Integer(string="Visits so far", help="That took place.")
    missed_before = fields.Integer(string="Missed visits so far")
    missed_year = fields.Integer(string="Missed visits in the last year")
    days_since = fields.Integer(
        string="Days since the last visit", help="0 for new patients."
    )
    last_missed = fields.Boolean(string="Missed the visit before")
    age = fields.Integer(help="Full years; 0 if unknown.")
    telemedicine = fields.Boolean()
    standing = fields.Boolean(string="Standing visit")
    reachable = fields.Boolean(string="Can be sent messages")
    price = fields.Monetary(string="Price of the visit")
    unpaid = fields.Monetary(
        string="Unpaid for this visit", help="What is charged and not paid yet."
    )
    prepaid = fields.Boolean(string="Visit is paid")
    debt = fields.Monetary(
        help="What the private payer owes in all, less money on the account."
    )
    overdue = fields.Monetary(
        string="Overdue debt", help="The part of the debt whose due date has passed."
    )
    overdue_days = fields.Integer(
        string="Days overdue", help="Of the oldest invoice that is not paid."
    )
    promised = fields.Boolean(string="Has promised to pay")
    blocked = fields.Boolean(string="Financial block")
    probability_unpaid = fields.Float(
        string="Probability: stays unpaid",
        digits=(4, 2),
        help="From 0 to 1; 0 while nothing is known.",
    )
    probability_no_show = fields.Float(
        string="Probability: does not come",
        digits=(4, 2),
        help="From 0 to 1; 0 while nothing is known.",
    )

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Conditions offer what somebody who answers for money knows of a visit, and
        not what the rows are made of."""
        described = super().fields_get(allfields, attributes)
        for name in TECHNICAL & described.keys():
            described[name]["searchable"] = False
        return described

    @api.model
    def _get_states(self):
        states = self.env["clinic.appointment"]._fields["state"]
        return states._description_selection(self.env)

    @api.model
    def _as_of(self, pairs):
        """Facts of the visits as of their moments.

        :param pairs: {visit id: moment (naive UTC)}
        """
        asked = Asked(tuple(pairs), tuple(pairs.values()))
        # Rows of other moments may have been read under the same numbers.
        self.invalidate_model(flush=False)
        return self.with_context(clinic_asked=asked).search_fetch(
            [], list(self._fields), order="id"
        )

    @property
    def _table_query(self):
        self._flush_sources()
        return SQL(
            """
            WITH asked AS (%(asked)s),
                 receivable AS (SELECT id FROM account_account
                                 WHERE account_type = 'asset_receivable')
            SELECT visit.id, visit.id AS appointment_id, asked.moment,
                   visit.company_id, company.currency_id, visit.branch_id,
                   visit.patient_id, who.payer_id, patient.category_id,
                   visit.payment_source_id, visit.service_id, visit.specialist_id,
                   COALESCE(undone.old, visit.state) AS state, visit.start,
                   extract(epoch FROM visit.start - asked.moment) / 86400
                       AS days_to_visit,
                   GREATEST(visit.start::date - visit.create_date::date, 0)
                       AS lead_days,
                   extract(isodow FROM who.wall)::int::text AS weekday,
                   extract(hour FROM who.wall)::int AS hour,
                   visit.is_first IS TRUE AS first_visit,
                   past.came = 0 AS new_patient, past.came AS visits_before,
                   past.missed AS missed_before, past.missed_year,
                   COALESCE(who.today - past.last::date, 0) AS days_since,
                   COALESCE(past.last_missed > past.last
                            OR (past.last IS NULL AND past.missed > 0), FALSE)
                       AS last_missed,
                   COALESCE(extract(year FROM age(who.today, patient.birthdate)), 0)
                       ::int AS age,
                   visit.telemedicine IS TRUE AS telemedicine,
                   visit.series_id IS NOT NULL AS standing,
                   patient.preferred_channel IS DISTINCT FROM 'none'
                       AND (partner.email_normalized IS NOT NULL
                            OR partner.phone_sanitized IS NOT NULL) AS reachable,
                   charged.price, charged.unpaid,
                   charged.price > 0 AND charged.unpaid = 0 AS prepaid,
                   GREATEST(ledger.balance, 0) AS debt,
                   CASE WHEN ledger.balance > 0
                        THEN LEAST(ledger.overdue, ledger.balance) ELSE 0 END
                       AS overdue,
                   CASE WHEN ledger.balance > 0
                        THEN COALESCE(who.today - ledger.since, 0) ELSE 0 END
                       AS overdue_days,
                   EXISTS (SELECT FROM clinic_payment_promise promise
                            WHERE promise.payer_id = who.payer_id
                              AND promise.company_id = visit.company_id
                              AND promise.create_date <= asked.moment
                              AND promise.date >= who.today
                              AND promise.active) AS promised,
                   EXISTS (SELECT FROM clinic_financial_block block
                            WHERE block.payer_id = who.payer_id
                              AND block.company_id = visit.company_id
                              AND (block.patient_id = visit.patient_id
                                   OR block.patient_id IS NULL)
                              AND block.create_date <= asked.moment
                              AND (block.date_until IS NULL
                                   OR block.date_until >= who.today)
                              AND (block.lifted_on IS NULL
                                   OR block.lifted_on > asked.moment)) AS blocked,
                   COALESCE(unpaid_score.probability, 0) AS probability_unpaid,
                   COALESCE(no_show_score.probability, 0) AS probability_no_show
                   %(more)s
              FROM asked
              JOIN clinic_appointment visit ON visit.id = asked.visit_id
              JOIN clinic_patient patient ON patient.id = visit.patient_id
              JOIN res_partner partner ON partner.id = patient.partner_id
              JOIN clinic_branch branch ON branch.id = visit.branch_id
              JOIN res_company company ON company.id = visit.company_id
         LEFT JOIN clinic_score unpaid_score
                ON unpaid_score.appointment_id = visit.id
               AND unpaid_score.kind = 'unpaid'
               AND unpaid_score.scored_at <= asked.moment
         LEFT JOIN clinic_score no_show_score
                ON no_show_score.appointment_id = visit.id
               AND no_show_score.kind = 'no_show'
               AND no_show_score.scored_at <= asked.moment
        CROSS JOIN LATERAL (
                   SELECT COALESCE(patient.payer_id, patient.partner_id) AS payer_id,
                          (asked.moment AT TIME ZONE 'UTC'
                               AT TIME ZONE branch.tz)::date AS today,
                          visit.start AT TIME ZONE 'UTC' AT TIME ZONE branch.tz
                              AS wall) who
         LEFT JOIN LATERAL (
                   SELECT log.old
                     FROM clinic_appointment_log log
                    WHERE log.appointment_id = visit.id
                      AND log.event IN ('state', 'reversed')
                      AND log.create_date > asked.moment
                 ORDER BY log.id
                    LIMIT 1) undone ON TRUE
        CROSS JOIN LATERAL (
                   SELECT count(*) FILTER (WHERE earlier.state IN
                              ('arrived', 'in_progress', 'done')) AS came,
                          max(earlier.start) FILTER (WHERE earlier.state IN
                              ('arrived', 'in_progress', 'done')) AS last,
                          count(*) FILTER (WHERE earlier.state = 'no_show') AS missed,
                          max(earlier.start) FILTER (WHERE earlier.state = 'no_show')
                              AS last_missed,
                          count(*) FILTER (
                              WHERE earlier.state = 'no_show'
                                AND earlier.start > asked.moment - interval '1 year')
                              AS missed_year
                     FROM clinic_appointment earlier
                    WHERE earlier.patient_id = visit.patient_id
                      AND earlier.start < LEAST(asked.moment, visit.start)
                      AND earlier.id <> visit.id) past
        CROSS JOIN LATERAL (
                   SELECT COALESCE(sum(charge.amount), 0) AS price,
                          COALESCE(sum(charge.amount) FILTER (
                              WHERE charge.state <> 'paid'
                                 OR charge.paid_at > asked.moment), 0) AS unpaid
                     FROM clinic_charge charge
                    WHERE charge.appointment_id = visit.id
                      AND charge.create_date <= asked.moment
                      AND (charge.state <> 'cancelled'
                           OR charge.write_date > asked.moment)) charged
        CROSS JOIN LATERAL (
                   SELECT COALESCE(sum(item.balance), 0) AS balance,
                          COALESCE(sum(due.residual) FILTER (
                              WHERE due.residual > 0), 0) AS overdue,
                          min(due.day) FILTER (WHERE due.residual > 0) AS since
                     FROM account_move_line item
                LEFT JOIN LATERAL (
                          SELECT COALESCE(item.date_maturity, item.date) AS day,
                                 item.balance - COALESCE(sum(partial.amount), 0)
                                     AS residual
                            FROM account_partial_reconcile partial
                           WHERE partial.debit_move_id = item.id
                             AND partial.max_date <= who.today) due
                       ON item.balance > 0
                      AND COALESCE(item.date_maturity, item.date) < who.today
                    WHERE item.partner_id = who.payer_id
                      AND item.company_id = visit.company_id
                      AND item.parent_state = 'posted'
                      AND item.date <= who.today
                      AND item.account_id IN (SELECT id FROM receivable)) ledger
            """,
            asked=self._get_asked_sql(),
            more=SQL().join(
                SQL(", (%s) AS %s", SQL(text), SQL.identifier(name))
                for name, text in self._get_more_facts().items()
            ),
        )

    @api.model
    def _get_more_facts(self):
        """Door: {field: SQL expression} of facts that other modules add as fields.

        It may speak of ``visit``, ``patient``, ``branch``, ``who`` (payer_id, today,
        wall) and ``asked.moment``: what happened later does not count. No percent sign
        stands in it. Its tables are named in :meth:`_get_sources`.
        """
        return {}

    def _get_asked_sql(self):
        asked = self.env.context.get("clinic_asked")
        if isinstance(asked, Asked):
            return SQL(
                "SELECT * FROM unnest(%s::int[], %s::timestamp[])"
                " AS pair(visit_id, moment)",
                list(asked.visits),
                list(asked.moments),
            )
        now = self.env.cr.now()
        return SQL(
            "SELECT id AS visit_id, %s::timestamp AS moment FROM clinic_appointment"
            " WHERE start > %s AND state IN %s AND active",
            now,
            now,
            COMING_STATES,
        )

    def _flush_sources(self):
        for name in self._get_sources():
            self.env[name].flush_model()

    @api.model
    def _get_sources(self):
        """Door: models whose tables facts and triggers read."""
        return [
            "account.move.line",
            "account.partial.reconcile",
            "clinic.appointment",
            "clinic.appointment.log",
            "clinic.charge",
            "clinic.financial.block",
            "clinic.patient",
            "clinic.payment.promise",
            "clinic.score",
        ]

    def _as_json(self):
        """Facts that a decision rests on, by name of field; money as numbers."""
        self.ensure_one()
        return {
            name: self[name]
            for name, field in self._fields.items()
            if field.type in ("boolean", "integer", "float", "monetary", "selection")
            and name != "id"
        }
