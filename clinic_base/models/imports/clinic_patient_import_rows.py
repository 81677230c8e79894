import io
import json

from odoo import models
from odoo.tools import SQL

from ...tools.identity import DOCUMENTS, Identity
from ...tools.known_rows import COMPARED, Card, settle
from ...tools.letters import fold
from ...tools.patient_rows import Reject, Row
from ..patients.clinic_patient_duplicate import LARGEST_BLOCK

# Cards that are much like each other lie side by side in the indexes of names.
ORDER = "s.search_name, s.line"
NOW = "now() AT TIME ZONE 'UTC'"
STAGING_TYPES = {"line": "int4", "birthdate": "date"}
PARTNER_COLUMNS = {
    "id": "s.partner_id",
    "create_date": NOW,
    "write_date": NOW,
    "name": "s.name",
    "complete_name": "s.name",
    "commercial_partner_id": "s.partner_id",
    "phone": "s.phone",
    "phone_sanitized": "s.phone_e164",
    "email": "s.email",
    "email_normalized": "s.email",
    "zip": "s.zip",
    "city": "s.city",
    "street": "s.street",
}
PATIENT_COLUMNS = {
    "id": "s.patient_id",
    "create_date": NOW,
    "write_date": NOW,
    "partner_id": "s.partner_id",
    "category_id": "s.category_id",
    "card_number": "s.card_number",
    **{
        name: f"s.{name}"
        for name in (
            "last_name",
            "first_name",
            "middle_name",
            "search_name",
            "birthdate",
            "sex",
            "snils",
            "oms_policy",
            "dms_policy",
            "document_type",
            "document_number",
        )
    },
}
PHONE_COLUMNS = {
    "id": "nextval('clinic_patient_phone_id_seq')",
    "create_date": NOW,
    "write_date": NOW,
    "patient_id": "s.patient_id",
    "number_e164": "f.e164",
    "note": "NULLIF(f.note, '')",
    "owner": "CASE WHEN f.note ~* '(мам|мат|пап|отец|отц|муж|жен|родит)'"
    " THEN 'relative' ELSE 'own' END",
    "primary": "f.place = 1",
}
CARDS = "clinic_import_row s"
PHONES = f"{CARDS} JOIN clinic_import_phone f ON f.line = s.line"

STAGE_PHONES = """
    CREATE TEMP TABLE clinic_import_phone AS
    SELECT s.line, item.place, item.phone->>0 AS e164, item.phone->>2 AS note
      FROM clinic_import_row s,
           jsonb_array_elements(s.phones::jsonb) WITH ORDINALITY item(phone, place)
     WHERE s.phones IS NOT NULL
"""
# Each row is looked up in the cards' B-trees; who it is, tools/identity.py decides. A
# merged card is the kept one by its own name and number, with what was moved.
# Names that say nothing of a birth, and telephones of half a town, are cut short.
MET = """
    WITH met AS (
        SELECT s.line, p.id FROM clinic_import_row s
          JOIN clinic_patient p ON p.snils = s.snils
         UNION
        SELECT s.line, p.id FROM clinic_import_row s
          JOIN clinic_patient p ON p.oms_policy = s.oms_policy
         UNION
        SELECT s.line, p.id FROM clinic_import_row s
          JOIN clinic_patient p ON p.document_number = s.document_number
         UNION
        SELECT s.line, p.id FROM clinic_import_row s
          JOIN clinic_patient p ON p.card_number = s.card_number
           AND p.card_number <> '/'
         UNION
        SELECT s.line, p.id FROM clinic_import_row s
          JOIN clinic_patient p ON p.search_name = s.search_name
           AND (p.birthdate = s.birthdate
                OR p.birthdate IS NULL OR s.birthdate IS NULL)
         UNION
        SELECT s.line, p.id FROM clinic_import_row s
          JOIN clinic_patient p ON p.birthdate = s.birthdate
           AND split_part(p.search_name, ' ', 1) = split_part(s.search_name, ' ', 1)
           AND split_part(p.search_name, ' ', 2) = split_part(s.search_name, ' ', 2)
         UNION
        SELECT f.line, same.patient_id FROM clinic_import_phone f
         CROSS JOIN LATERAL (
               SELECT patient_id FROM clinic_patient_phone
                WHERE number_e164 = f.e164 AND active IS TRUE
                LIMIT %(block)s) same
    )
    SELECT met.line, kept.id, p.last_name, p.first_name, p.middle_name,
           COALESCE(p.birthdate, kept.birthdate) AS birthdate,
           COALESCE(p.snils, kept.snils) AS snils,
           COALESCE(p.oms_policy, kept.oms_policy) AS oms_policy,
           COALESCE(p.document_number, kept.document_number) AS document_number,
           p.card_number, COALESCE(p.sex, kept.sex) AS sex,
           COALESCE(p.dms_policy, kept.dms_policy) AS dms_policy,
           kept.closed, COALESCE(old.email, partner.email) AS email,
           ARRAY(SELECT number_e164 FROM clinic_patient_phone
                  WHERE patient_id IN (p.id, kept.id) AND active IS TRUE) AS phones
      FROM met
      JOIN clinic_patient p ON p.id = met.id
      JOIN clinic_patient kept ON kept.id = COALESCE(p.merged_into_id, p.id)
      JOIN res_partner old ON old.id = p.partner_id
      JOIN res_partner partner ON partner.id = kept.partner_id
"""
CATEGORIES = """
    UPDATE clinic_import_row s SET category_id = known.id
      FROM unnest(%s::text[], %s::int[]) known(word, id)
     WHERE s.category = known.word
"""
TAKEN = """
    DELETE FROM clinic_import_row s USING clinic_import_row earlier
     WHERE earlier.card_number = s.card_number AND earlier.line < s.line
    RETURNING s.line, s.text, s.card_number
"""
# Again for numbers that cards have brought themselves.
NUMBERS = """
    UPDATE clinic_import_row s
       SET card_number = %(prefix)s || lpad(nextval(%(name)s)::text, %(padding)s, '0')
                         || %(suffix)s,
           numbered = TRUE
     WHERE s.card_number IS NULL
        OR s.numbered AND EXISTS (SELECT FROM clinic_patient p
                                   WHERE p.card_number = s.card_number)
"""


class ClinicPatientImport(models.Model):
    """Rows that SQL writes: what the ORM would have written, by table."""

    _inherit = "clinic.patient.import"

    def _import_rows(self, rows, templates):
        """Write cards for ``rows`` (CSV); returns their number, what is told, and the
        cards by line."""
        if not rows:
            return 0, [], {}
        if not self.dry_run:
            return self._write_rows(rows, templates)
        savepoint = self.env.cr.savepoint(flush=False)
        created, told, _cards = self._write_rows(rows, templates)
        savepoint.close(rollback=True)
        return created, told, {}

    def _write_rows(self, rows, templates):
        self._set_memory()
        self._stage(rows)
        told = self._take_known_rows()
        told += self._prepare_staged()
        for table, columns, source in (
            ("res_partner", PARTNER_COLUMNS, CARDS),
            ("clinic_patient", PATIENT_COLUMNS, CARDS),
            ("clinic_patient_phone", PHONE_COLUMNS, PHONES),
        ):
            self._insert(table, columns, source, templates[table])
        self._note_doubts()
        self.env.cr.execute("SELECT line, patient_id FROM clinic_import_row")
        cards = dict(self.env.cr.fetchall())
        self.env.cr.execute(
            "DROP TABLE clinic_import_row, clinic_import_phone, clinic_import_doubt"
        )
        self.env.invalidate_all()
        return len(cards), told, cards

    def _stage(self, rows):
        columns = ", ".join(f"{f} {STAGING_TYPES.get(f, 'text')}" for f in Row._fields)
        # Columns are those of a class of ours, never from the file.
        self.env.cr.execute(  # pylint: disable=sql-injection
            f"CREATE TEMP TABLE clinic_import_row ({columns}, category_id int4,"
            " numbered boolean,"
            " partner_id int4 DEFAULT nextval('res_partner_id_seq'),"
            " patient_id int4 DEFAULT nextval('clinic_patient_id_seq'))"
        )
        self.env.cr.copy_expert(
            f"COPY clinic_import_row ({', '.join(Row._fields)})"
            " FROM STDIN (FORMAT csv)",
            io.StringIO(rows),
        )
        self.env.cr.execute(STAGE_PHONES)
        self.env.cr.execute(
            "CREATE TEMP TABLE clinic_import_doubt (line int4, patient_id int4)"
        )

    # === WHO IS KNOWN === #

    def _take_known_rows(self):
        """Take out rows of people who have a card; what is told of them and others."""
        self.env.flush_all()
        cards = self._get_met_cards()
        told, known, doubts = [], [], []
        for row in self._get_staged(list(cards)):
            outcome = settle(row, cards[row.line])
            if outcome.reject:
                known.append(row.line)
                told.append(outcome.reject)
            elif outcome.doubtful:
                numbers = [card.identity.card_number for card in outcome.doubtful]
                detail = ", ".join(numbers)
                told.append(Reject(row.line, "doubtful", row.text, detail, True))
                doubts += [(row.line, card.id) for card in outcome.doubtful]
        self._take_out(known, doubts)
        return told

    def _get_met_cards(self):
        """{line: cards that may be the same person's}."""
        # The planner would rather ask the trigram index for whole names, or scan
        # tables it has no figures of yet.
        self._set_planner("off")
        self.env.cr.execute("ANALYZE clinic_import_row")
        self.env.cr.execute("ANALYZE clinic_import_phone")
        self.env.cr.execute(MET, {"block": LARGEST_BLOCK})
        cards = {}
        for found in self.env.cr.dictfetchall():
            cards.setdefault(found["line"], []).append(self._read_card(found))
        self._set_planner("on")
        return cards

    def _read_card(self, found):
        values = {name: found[name] for name in COMPARED}
        if values["birthdate"]:
            values["birthdate"] = values["birthdate"].isoformat()
        names = (found[part] for part in ("last_name", "first_name", "middle_name"))
        documents = dict(zip(DOCUMENTS, ("snils", "oms_policy", "document_number")))
        return Card(
            found["id"],
            Identity(
                *map(fold, names),
                birthdate=found["birthdate"],
                phones=frozenset(found["phones"]),
                card_number=found["card_number"] or "",
                **{key: found[name] or "" for key, name in documents.items()},
            ),
            values,
            bool(found["closed"]),
        )

    def _get_staged(self, lines):
        columns = SQL(", ").join(map(SQL.identifier, Row._fields))
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM clinic_import_row WHERE line = ANY(%s) ORDER BY line",
                columns,
                lines,
            )
        )
        born = Row._fields.index("birthdate")
        return [
            Row(*row)._replace(birthdate=row[born] and row[born].isoformat())
            for row in rows
        ]

    def _take_out(self, lines, doubts):
        self.env.cr.execute(
            "DELETE FROM clinic_import_row WHERE line = ANY(%s)", [lines]
        )
        self.env.cr.execute(
            "INSERT INTO clinic_import_doubt"
            " SELECT * FROM unnest(%s::int[], %s::int[])",
            [[line for line, _id in doubts], [id_ for _line, id_ in doubts]],
        )

    def _note_doubts(self):
        """Put the new cards beside those that may be the same person's."""
        self.env.cr.execute(
            """
            INSERT INTO clinic_patient_duplicate (patient_id, other_id, reason, score,
                   state, create_uid, create_date)
            SELECT doubt.patient_id, s.patient_id, 'doubt', 70, 'open',
                   %s, now() AT TIME ZONE 'UTC'
              FROM clinic_import_doubt doubt JOIN clinic_import_row s USING (line)
                ON CONFLICT DO NOTHING
            """,
            [self.env.uid],
        )

    # === WRITING === #

    def _set_memory(self):
        """Let the trigram indexes take a batch in one piece (about an eighth faster).

        They keep new entries in a list, of 4 MB unless told otherwise, and sort it in
        the memory of a sort when it is full.
        """
        self.env.cr.execute("SET LOCAL gin_pending_list_limit = '64MB'")
        self.env.cr.execute("SET LOCAL work_mem = '256MB'")

    def _set_planner(self, switch):
        for way in ("bitmapscan", "seqscan"):
            self.env.cr.execute(SQL("SET LOCAL %s = %s", SQL(f"enable_{way}"), switch))

    def _prepare_staged(self):
        """Numbers for cards that bring none, and categories; what is told of rows."""
        told = [
            Reject(line, "card_taken", text, number)
            for line, text, number in self.env.execute_query(SQL(TAKEN))
        ]
        self._number_staged()
        known = self._get_category_words()
        self.env.cr.execute(CATEGORIES, [list(known), list(known.values())])
        return told + [
            Reject(line, "category", text, category, True)
            for line, text, category in self.env.execute_query(
                SQL(
                    "SELECT line, text, category FROM clinic_import_row"
                    " WHERE category IS NOT NULL AND category_id IS NULL"
                )
            )
        ]

    def _get_category_words(self):
        """{folded code, or name in any language: id}; of namesakes the first."""
        query = SQL(
            "SELECT id, code, name FROM clinic_patient_category"
            " WHERE active IS TRUE ORDER BY id DESC"
        )
        return {
            fold(word): category_id
            for category_id, code, names in self.env.execute_query(query)
            for word in (code, *names.values())
            if word
        }

    def _number_staged(self):
        patients = self.env["clinic.patient"]
        self.env.cr.execute(
            "SELECT card_number FROM clinic_import_row WHERE card_number IS NOT NULL"
        )
        patients._push_card_numbers([number for (number,) in self.env.cr.fetchall()])
        name, padding, prefix, suffix = patients._get_number_form()
        form = {"name": name, "padding": padding, "prefix": prefix, "suffix": suffix}
        self.env.cr.execute(NUMBERS, form)
        while self.env.cr.rowcount:
            self.env.cr.execute(NUMBERS, form)

    def _insert(self, table, columns, source, template):
        """Insert staged rows; what the file does not say is as in a card that the ORM
        makes, whatever modules have added to it."""
        names = [*columns, *(name for name in template if name not in columns)]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s,"
                " jsonb_populate_record(NULL::%s, %s::jsonb) t ORDER BY %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(
                    SQL(columns[n]) if n in columns else SQL.identifier("t", n)
                    for n in names
                ),
                SQL(source),
                SQL.identifier(table),
                json.dumps(template),
                SQL(ORDER),
            )
        )

    def _get_templates(self):
        """Rows of a card that the ORM made, by table; the card is rolled back."""
        savepoint = self.env.cr.savepoint()
        patient = self.env["clinic.patient"].create(
            {"name": "template", "card_number": f"template {self.id}"}
        )
        phone = self.env["clinic.patient.phone"].create(
            {"patient_id": patient.id, "number_e164": "+79000000000", "primary": True}
        )
        self.env.flush_all()
        templates = {}
        for record in (patient.partner_id, patient, phone):
            self.env.cr.execute(
                SQL(
                    "SELECT to_jsonb(t) FROM %s t WHERE id = %s",
                    SQL.identifier(record._table),
                    record.id,
                )
            )
            (templates[record._table],) = self.env.cr.fetchone()
        savepoint.close(rollback=True)
        return templates
