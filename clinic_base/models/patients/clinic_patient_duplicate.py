from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ...tools.identity import judge
from ...tools.statements import fetch

# A phone or name shared by more cards than this says nothing (a reception's own phone).
LARGEST_BLOCK = 30
# pg_trgm's similarity of whole names: one or two letters mistyped.
ALIKE = 0.7
# Of first names: Екатерина and Екатирина, but not Анна and Инна.
SLIP = 0.45
BATCH = 1000
READ = ("clinic.patient", "clinic.patient.phone", "clinic.patient.duplicate")


class ClinicPatientDuplicate(models.Model):
    """Two cards that may be one person's.

    Candidates are only compared inside blocks that an index or a hash finds: the same
    SNILS, the same phone, the same date of birth with the same initial. Nothing is
    compared with everything.
    """

    _name = "clinic.patient.duplicate"
    _description = "Similar cards"
    _order = "score desc, id"
    _rec_name = "patient_id"

    patient_id = fields.Many2one(
        "clinic.patient", required=True, index=True, readonly=True, ondelete="restrict"
    )
    other_id = fields.Many2one(
        "clinic.patient",
        string="Similar card",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    # What tells two cards of one name apart.
    card_number = fields.Char(related="patient_id.card_number")
    phone = fields.Char(related="patient_id.phone")
    other_card_number = fields.Char(
        related="other_id.card_number", string="Number of the similar card"
    )
    other_phone = fields.Char(
        related="other_id.phone", string="Phone of the similar card"
    )
    reason = fields.Selection(
        [
            ("snils", "Same SNILS"),
            ("words", "Same names and date of birth"),
            ("phone", "Same phone and first name"),
            ("name", "Similar name, same date of birth"),
            ("doubt", "Somebody has to compare them"),
        ],
        required=True,
        readonly=True,
    )
    score = fields.Integer(readonly=True, help="From 0 to 100.")
    state = fields.Selection(
        [("open", "To be looked at"), ("merged", "Merged"), ("other", "Two people")],
        required=True,
        default="open",
        readonly=True,
    )

    _pair_once = models.UniqueIndex("(patient_id, other_id)")
    _pair_ordered = models.Constraint("CHECK (patient_id < other_id)")

    def action_merge(self):
        """Keep the older card of each pair."""
        for pair in self.filtered(lambda pair: pair.state == "open"):
            self.env["clinic.patient.merge"]._merge(pair.patient_id, pair.other_id)
        self._note_merged()
        return True

    def _note_merged(self):
        self.write({"state": "merged"})

    def action_compare(self):
        """Both cards side by side; the older one is proposed to stay."""
        self.ensure_one()
        wizard = self.env["clinic.patient.compare"].create(
            {
                "pair_id": self.id,
                "kept_id": self.patient_id.id,
                "merged_id": self.other_id.id,
            }
        )
        return wizard._reopen()

    def action_two_people(self):
        """The pair is not shown again."""
        return self.write({"state": "other"})

    @api.model
    def _forget(self, patients):
        """Nobody compares closed cards; pairs of cards that are opened again are found
        anew."""
        # Sudo: whoever closes cards has been checked, and need not see pairs.
        self.sudo().search(
            [
                ("state", "=", "open"),
                "|",
                ("patient_id", "in", patients.ids),
                ("other_id", "in", patients.ids),
            ]
        ).unlink()

    @api.model
    def _find_duplicates(self):
        """Look through all cards; returns the number of new pairs. Commits nothing."""
        return sum(
            self._note_pairs(pairs, reason, score)
            for reason, score, query in (
                ("snils", 100, SAME_SNILS),
                ("words", 95, SAME_WORDS),
                ("phone", 85, SAME_PHONE),
                ("name", 75, SIMILAR_NAME),
            )
            for pairs in split_every(BATCH, self._find_pairs(query))
        )

    @api.model
    def _find_pairs(self, query):
        """Candidates that nobody has been asked about: (older card, younger card)."""
        return fetch(
            self.env,
            READ,
            SQL(
                """
                SELECT DISTINCT least(a, b), greatest(a, b)
                  FROM (%s) pairs
                 WHERE NOT EXISTS (
                       SELECT FROM clinic_patient_duplicate known
                        WHERE known.patient_id = least(a, b)
                          AND known.other_id = greatest(a, b))
                """,
                SQL(query, block=LARGEST_BLOCK, alike=ALIKE, slip=SLIP),
            ),
        )

    @api.model
    def _note_pairs(self, pairs, reason, score):
        """Put before the desk those of ``pairs`` that ``judge`` does not call two
        people; returns their number."""
        cards = self.env["clinic.patient"].browse(
            {card for pair in pairs for card in pair}
        )
        identities = {card.id: card._get_identity() for card in cards}
        alike = [pair for pair in pairs if judge(*(identities[card] for card in pair))]
        noted = fetch(
            self.env,
            READ,
            SQL(
                """
                INSERT INTO clinic_patient_duplicate (
                       patient_id, other_id, reason, score, state,
                       create_uid, create_date)
                SELECT pair.patient_id, pair.other_id, %(reason)s, %(score)s, 'open',
                       %(uid)s, %(now)s
                  FROM unnest(%(ones)s::int[], %(others)s::int[])
                       pair(patient_id, other_id)
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                reason=reason,
                score=score,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ones=[one for one, _other in alike],
                others=[other for _one, other in alike],
            ),
        )
        self.env.invalidate_all()
        return len(noted)

    @api.model
    def _cron_find(self):
        self._find_duplicates()


# Candidates; who is one person, tools/identity.py says.
SAME_SNILS = """
    SELECT p.id AS a, q.id AS b FROM clinic_patient p
      JOIN clinic_patient q ON q.snils = p.snils AND q.id > p.id
     WHERE p.active AND q.active AND p.snils <> ''
"""
SAME_WORDS = """
    WITH keyed AS (
        SELECT id, birthdate, search_name, (
                   SELECT string_agg(word, ' ' ORDER BY word)
                     FROM unnest(string_to_array(search_name, ' ')) word) AS words
          FROM clinic_patient WHERE active AND birthdate IS NOT NULL
    ), blocks AS (
        SELECT array_agg(id) AS ids FROM keyed GROUP BY birthdate, words
        HAVING count(*) BETWEEN 2 AND %(block)s
    )
    SELECT a, b FROM blocks, unnest(ids) a, unnest(ids) b WHERE a < b
"""
SAME_PHONE = """
    WITH blocks AS (
        SELECT array_agg(DISTINCT p.id) AS ids
          FROM clinic_patient_phone f JOIN clinic_patient p ON p.id = f.patient_id
         WHERE f.active AND p.active AND p.first_name <> ''
         GROUP BY f.number_e164, split_part(p.search_name, ' ', 2)
        HAVING count(DISTINCT p.id) BETWEEN 2 AND %(block)s
    )
    SELECT a, b FROM blocks, unnest(ids) a, unnest(ids) b WHERE a < b
"""
# Twins share birth date and family name: their first names differ more than a slip.
SIMILAR_NAME = """
    SELECT p.id AS a, q.id AS b FROM clinic_patient p
      JOIN clinic_patient q ON q.birthdate = p.birthdate AND q.id > p.id
       AND left(q.search_name, 1) = left(p.search_name, 1)
     WHERE p.active AND q.active
       AND similarity(p.search_name, q.search_name) >= %(alike)s
       AND (split_part(p.search_name, ' ', 2) = split_part(q.search_name, ' ', 2)
            OR split_part(p.search_name, ' ', 1) <> split_part(q.search_name, ' ', 1)
            OR similarity(split_part(p.search_name, ' ', 2),
                          split_part(q.search_name, ' ', 2)) >= %(slip)s)
"""
