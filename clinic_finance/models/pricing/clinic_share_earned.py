from odoo import fields, models


class ClinicShareEarned(models.Model):
    """What specialists have earned: a row for each paid charge of a visit that took
    place.

    Read from the charges whenever it is asked for, so that a visit called off, a
    payment given back or one that comes later puts every later step right by itself.
    """

    _name = "clinic.share.earned"
    _description = "Share earned"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "charge_id"

    charge_id = fields.Many2one("clinic.charge", readonly=True)
    patient_id = fields.Many2one("clinic.patient", readonly=True)
    appointment_id = fields.Many2one("clinic.appointment", "Visit", readonly=True)
    service_id = fields.Many2one("product.product", readonly=True)
    specialist_id = fields.Many2one("clinic.specialist", readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True, help="Day of the service, branch time.")
    visit_number = fields.Integer(
        string="Visit of the month",
        readonly=True,
        aggregator="max",
        help="Of those that count for the steps of the share.",
    )
    amount = fields.Monetary(
        string="Earned by the clinic",
        readonly=True,
        help="Revenue in the books, after corrections and without VAT.",
    )
    share_amount = fields.Monetary(string="Specialist's share", readonly=True)

    @property
    def _table_query(self):
        """Shares with steps are spread over the bands between their thresholds.

        In a calendar month of a specialist, visits stand in the order of their begin. A
        visit takes one place, or as much of the month's sum as it has earned; where it
        lies across a threshold, each band counts for its part of the visit.
        """
        for name in (
            "account.move.line",
            "clinic.appointment",
            "clinic.charge",
            "clinic.share.rule",
            "clinic.share.tier",
        ):
            self.env[name].flush_model()
        return """
              WITH paid AS (
                   SELECT charge.*, visit.start, revenue.earned
                     FROM clinic_charge charge
                     JOIN clinic_appointment visit
                       ON visit.id = charge.appointment_id AND visit.state = 'done'
               CROSS JOIN LATERAL (
                          SELECT COALESCE(-sum(line.balance), 0) AS earned
                            FROM account_move_line line
                           WHERE line.clinic_charge_id = charge.id
                             AND line.parent_state = 'posted'
                             AND line.display_type = 'product') revenue
                    WHERE charge.state = 'paid' AND charge.active),
                   counted AS (
                   SELECT id, share_rule_id, earned,
                          dense_rank() OVER (
                              PARTITION BY share_rule_id, specialist_id,
                                           date_trunc('month', date)
                              ORDER BY start, appointment_id) AS visit_number,
                          sum(earned) OVER (
                              PARTITION BY share_rule_id, specialist_id,
                                           date_trunc('month', date)
                              ORDER BY start, appointment_id, id) AS earned_till
                     FROM paid
                    WHERE share_rule_id IS NOT NULL),
                   step AS (
                   SELECT id AS rule_id, 0 AS low, percent
                     FROM clinic_share_rule
                    WHERE tier_by IS NOT NULL
                UNION ALL
                   SELECT rule_id, threshold, percent
                     FROM clinic_share_tier
                    WHERE active),
                   band AS (
                   SELECT rule_id, low, percent,
                          COALESCE(lead(low) OVER (PARTITION BY rule_id ORDER BY low),
                                   'Infinity') AS high
                     FROM step),
                   place AS (
                   SELECT counted.id, share_rule_id, visit_number, earned,
                          CASE tier_by WHEN 'sum' THEN earned_till - earned
                               ELSE visit_number - 1 END AS low,
                          CASE tier_by WHEN 'sum' THEN earned_till
                               ELSE visit_number END AS high
                     FROM counted
                     JOIN clinic_share_rule rule ON rule.id = share_rule_id),
                   stepped AS (
                   SELECT place.id, place.visit_number,
                          place.earned / 100 * sum(
                              band.percent * (LEAST(band.high, place.high)
                                              - GREATEST(band.low, place.low))
                              / NULLIF(place.high - place.low, 0)) AS share
                     FROM place
                     JOIN band ON band.rule_id = place.share_rule_id
                      AND band.low < place.high AND band.high > place.low
                 GROUP BY place.id, place.visit_number, place.earned)
            SELECT paid.id, paid.id AS charge_id, paid.patient_id, paid.appointment_id,
                   paid.service_id, paid.specialist_id, paid.branch_id,
                   paid.company_id, company.currency_id, paid.date,
                   stepped.visit_number,
                   round(paid.earned, currency.decimal_places) AS amount,
                   round(COALESCE(stepped.share,
                                  paid.earned
                                  * COALESCE(paid.share::numeric, 0) / 100
                                  + CASE WHEN paid.earned > 0
                                         THEN paid.qty::numeric
                                              * COALESCE(paid.share_fixed, 0)
                                         ELSE 0 END),
                         currency.decimal_places) AS share_amount
              FROM paid
              JOIN res_company company ON company.id = paid.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
         LEFT JOIN stepped ON stepped.id = paid.id
        """
