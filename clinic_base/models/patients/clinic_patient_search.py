from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.birthdates import read_digits
from ...tools.letters import spellings
from ...tools.patient_query import parse_query

# Shorter pieces of names are looked for at the beginning only: no index finds them
# elsewhere.
SHORTEST_PART = 3
SHORTEST_DIGITS = 3
NO_WILDCARDS = str.maketrans("", "", "%_\\")
# As the sequence pads them.
CARD_DIGITS = 7

# Up to so many expected cards are found by the trigram index and sorted (0.2 s); more
# are met often enough on a walk through the names.
MOST_SORTED = 60_000


class ClinicPatient(models.Model):
    """What is typed to find a patient, and how PostgreSQL goes through 1.5 million
    cards for the first eighty."""

    _inherit = "clinic.patient"

    @api.model
    def _search_display_name(self, operator, value):
        """Any words of the name in any order, last digits of a phone or the number of
        a card, a date of birth; together they narrow."""
        if operator == "in":
            return Domain.OR(self._search_display_name("ilike", text) for text in value)
        if operator not in ("ilike", "like", "=ilike", "=like", "="):
            return NotImplemented
        today = fields.Date.context_today(self, self.env.cr.now())
        query = parse_query(value or "", today)
        if not query:
            return Domain.FALSE if value else Domain.TRUE
        conditions = [self._get_digits_domain(digits) for digits in query.digits]
        if query.words:
            conditions.append(self._get_words_domain(query.words))
        if query.birthdate:
            conditions.append(Domain("birthdate", "=", query.birthdate))
        return Domain.AND(conditions)

    @api.model
    def _get_words_domain(self, words):
        """Long words anywhere; short ones at the beginning of a word of the name.

        Of short words alone one has to begin the name: that has an index.
        """
        words = [word.translate(NO_WILDCARDS) for word in words]
        inside = {
            word: Domain.OR(map(self._get_inside_domain, spellings(word)))
            for word in words
        }
        if max(map(len, words)) >= SHORTEST_PART:
            return Domain.AND(inside.values())
        return Domain.OR(
            Domain.OR(
                Domain("search_name", "=like", f"{spelled}%")
                for spelled in spellings(first)
            )
            & Domain.AND(inside[word] for word in words if word != first)
            for first in words
        )

    @api.model
    def _get_inside_domain(self, word):
        if len(word) >= SHORTEST_PART:
            return Domain("search_name", "like", word)
        start = Domain("search_name", "=like", f"{word}%")
        return start | Domain("search_name", "like", f" {word}")

    @api.model
    def _get_digits_domain(self, digits):
        """Number of a card, of one merged into it, or the end of a phone (from three
        digits on).

        Who may not see phones does not find by them either: three digits at a time
        would tell the number. One subquery: an OR of several makes PostgreSQL walk
        through all cards. Phones are reversed, so that an index on the beginning serves
        the end.
        """
        numbers = (digits, digits.zfill(CARD_DIGITS))
        found = [
            SQL("SELECT id FROM clinic_patient WHERE card_number IN %s", numbers),
            SQL(
                "SELECT merged_into_id FROM clinic_patient"
                " WHERE card_number IN %s AND merged_into_id IS NOT NULL",
                numbers,
            ),
        ]
        if len(digits) >= SHORTEST_DIGITS and self.env.user._sees_patient_contacts():
            found.append(
                SQL(
                    "SELECT patient_id FROM clinic_patient_phone"
                    " WHERE active AND reverse(number_e164) LIKE %s",
                    f"{digits[::-1]}%",
                )
            )
        today = fields.Date.context_today(self, self.env.cr.now())
        if born := read_digits(digits, today):
            found.append(
                SQL("SELECT id FROM clinic_patient WHERE birthdate = %s", born)
            )
        return Domain("id", "in", SQL("(%s)", SQL(" UNION ").join(found)))

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        """Sort what the trigram index finds, instead of walking through all names.

        The planner takes people found by a name to be spread evenly over the alphabet
        and walks along the index of the order until it has met ``limit`` of them. But
        they stand together, behind half a million others. An order by an expression
        has no index.
        """
        query = super()._search(domain, offset, limit, order, **options)
        if (
            limit
            and order == self._order
            and not query.is_empty()
            and self._looks_inside_names(domain)
            and self._estimate(query) < MOST_SORTED
        ):
            table = SQL.identifier(self._table)
            query.order = SQL("%(table)s.search_name || '', %(table)s.id", table=table)
        return query

    @api.model
    def _looks_inside_names(self, domain):
        """Whether words are looked for that may stand anywhere in a name."""
        today = fields.Date.context_today(self, self.env.cr.now())
        return any(
            len(word) >= SHORTEST_PART
            for condition in Domain(domain).iter_conditions()
            if condition.field_expr == "display_name"
            and isinstance(condition.value, str)
            for word in parse_query(condition.value, today).words
        )

    @api.model
    def _estimate(self, query):
        """How many rows the planner expects; takes a millisecond."""
        self.env.cr.execute(
            SQL(
                "EXPLAIN (FORMAT JSON) SELECT FROM %s WHERE %s",
                query.from_clause,
                query.where_clause or SQL("TRUE"),
            )
        )
        return self.env.cr.fetchone()[0][0]["Plan"]["Plan Rows"]
