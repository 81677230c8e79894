import csv
import io
from itertools import islice
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.clinic_base.models.imports.clinic_patient_import_batches import (
    measure,
    open_tables,
)
from odoo.addons.clinic_base.tools.letters import fold
from odoo.addons.clinic_base.tools.person_name import fits_name

from ..tools.visit_rows import HeaderError, Layout, Reject, Row, VisitReader

# Rows a transaction: a kill costs no more.
BATCH = 20_000

# The number of a card, whatever a spreadsheet has made of its zeros; a merged card is
# the one that it was merged into. Names come folded, with the one that bears each.
STAGED = """
    CREATE TEMP TABLE clinic_visit_row ON COMMIT DROP AS
    SELECT file.*, kept.id AS patient_id, kept.name AS card_name,
           kept.search_name <> file.patient AND file.patient <> '' AS is_unlike,
           kept.closed, specialist.id AS specialist_id,
           service.id AS service_id, branch.id AS branch_id, branch.company_id,
           file.start::timestamp AT TIME ZONE branch.tz AT TIME ZONE 'UTC' AS start_utc
      FROM clinic_visit_file file
      LEFT JOIN LATERAL (
           SELECT COALESCE(merged_into_id, id) AS id FROM clinic_patient
            WHERE card_number IN (file.card_number,
                                  ltrim(file.card_number, '0'),
                                  lpad(ltrim(file.card_number, '0'), 7, '0'))
              AND card_number <> '/'  -- as the index has it
            ORDER BY card_number = file.card_number DESC, id
            LIMIT 1) patient ON TRUE
      LEFT JOIN LATERAL (
           SELECT card.id, partner.name, card.search_name, card.closed
             FROM clinic_patient card JOIN res_partner partner
               ON partner.id = card.partner_id
            WHERE card.id = patient.id) kept ON TRUE
      LEFT JOIN unnest(%(specialist_words)s::text[], %(specialist_ids)s::int[])
                specialist(word, id) ON specialist.word = file.specialist
      LEFT JOIN unnest(%(service_words)s::text[], %(service_ids)s::int[])
                service(word, id) ON service.word = file.service
      LEFT JOIN unnest(%(branch_words)s::text[], %(branch_ids)s::int[])
                named(word, id) ON named.word = file.branch
      LEFT JOIN clinic_branch branch ON branch.id = named.id
"""
NAMES = {
    "specialist": "SELECT id, name FROM clinic_specialist",
    "service": """
        SELECT product.id, label.name
          FROM product_product product
          JOIN product_template template ON template.id = product.product_tmpl_id
         CROSS JOIN LATERAL (
               SELECT product.default_code
                UNION ALL
               SELECT value FROM jsonb_each_text(template.name)) label(name)
         WHERE template.is_clinic_service
    """,
    "branch": """
        SELECT branch.id, label.value
          FROM clinic_branch branch, jsonb_each_text(branch.name) label
    """,
}
REFUSED = """
    WITH judged AS (
        SELECT line, key, CASE
               WHEN row_number() OVER (PARTITION BY key ORDER BY line) > 1
                 OR EXISTS (SELECT FROM clinic_appointment visit
                             WHERE visit.import_key = row.key) THEN 'known'
               WHEN patient_id IS NULL THEN 'patient'
               WHEN closed IS NOT NULL THEN 'closed'
               WHEN is_unlike THEN 'name'
               WHEN specialist_id IS NULL THEN 'specialist'
               WHEN service_id IS NULL THEN 'service'
               WHEN branch_id IS NULL THEN 'branch'
               WHEN start_utc > %(now)s THEN 'future'
               END AS reason
          FROM clinic_visit_row row
    ), gone AS (
        DELETE FROM clinic_visit_row row USING judged
         WHERE row.line = judged.line AND judged.reason IS NOT NULL
    )
    SELECT line, reason FROM judged WHERE reason IS NOT NULL ORDER BY line
"""
INSERT = """
    INSERT INTO clinic_appointment (
           import_key, patient_id, specialist_id, service_id, branch_id, company_id,
           start, stop, state, cancel_reason_id, session_id, seat, active, move_count,
           telemedicine, is_first, stranded, create_uid, create_date, write_uid,
           write_date)
    SELECT key, patient_id, specialist_id, service_id, branch_id, company_id,
           start_utc, start_utc + make_interval(mins => minutes), state,
           CASE WHEN state = 'cancelled' THEN %(reason)s END,
           nextval('clinic_session_id_seq'), 1, TRUE, 0, FALSE, FALSE, FALSE,
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM clinic_visit_row
"""


class ClinicVisitImport(models.Model):
    """A file of past visits on its way into the history of patients.

    COPY into a staging table, then SQL. The past takes nobody's time: no occupancy, no
    messages, no charges. The place in the file is saved with the rows, so that a killed
    import goes on; a visit is known by its key in the old system, so that importing
    again makes no doubles.
    """

    _name = "clinic.visit.import"
    _description = "Import of past visits"
    _order = "id desc"

    name = fields.Char(string="Name of the file", required=True, readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    offset = fields.Integer(string="Read (bytes)", readonly=True)
    line = fields.Integer(string="Next line", readonly=True)
    digest = fields.Char(readonly=True, help="Of the file.")
    message = fields.Text(readonly=True)
    created = fields.Integer(readonly=True)
    rejected = fields.Integer(readonly=True)

    @api.model
    def _import_csv(self, path, rejects=None, report=lambda run: None):
        """Import the file at ``path``, committing every batch; for the command line.

        Rows that cannot be taken are written to ``rejects`` (``NAME.rejected.csv``
        beside the file by default) as they stand, under the titles of the file, with
        line and reason behind; so is a sheet that holds no visits.

        :param report: called with the run after every batch
        :return: the run, of a workbook one for each sheet
        :raises UserError: if a column is missing, or the file is no table
        """
        path = Path(path)
        refused = Path(rejects or path.with_name(f"{path.name}.rejected.csv"))
        runs = self.browse()
        with (
            self.env["clinic.patient.import"]._explaining_uploads(),
            open_tables(path) as tables,
        ):
            found = self._get_runs(tables)
            begun = any(run.offset for run, _file in found)
            with refused.open(
                "a" if begun else "w", newline="", encoding="utf-8-sig"
            ) as out:
                lines = csv.writer(out, delimiter=";")
                for run, file in found:
                    runs += run
                    if not run.offset:
                        lines.writerow(run._get_reject_titles(file))
                    is_left = run.offset < run.size or not run.size
                    while is_left:
                        is_left = run._import_batch(file, lines)
                        # What a kill may cost is one batch.
                        out.flush()
                        self.env.cr.commit()  # pylint: disable=invalid-commit
                        report(run)
                taken = set(runs.mapped("name"))
                reason = self._get_reject_reasons()["sheet"]
                lines.writerows(
                    [name, 0, reason] for name, _file in tables if name not in taken
                )
        return runs

    @api.model
    def _get_runs(self, tables):
        """[(run, file)] of the tables that hold visits.

        :raises UserError: none does
        """
        found, missing = [], ""
        for name, file in tables:
            try:
                layout = Layout.of(file)
            except HeaderError as error:
                missing = missing or str(error)
                continue
            run = self._get_run(name, file)
            run.message = self._get_unread_message(layout)
            found.append((run, file))
        if not found:
            raise UserError(
                self.env._("The file has no column %(names)s.", names=missing)
            )
        return found

    @api.model
    def _get_run(self, name, file):
        """The unfinished run of the same file, to go on with, or a new one. A file that
        was mended meanwhile is another."""
        size, digest = measure(file)
        same = self.search([("name", "=", name), ("digest", "=", digest)], limit=1)
        if same and same.offset < size:
            return same
        return self.create({"name": name, "size": size, "digest": digest})

    @api.model
    def _get_unread_message(self, layout):
        """False, or which columns nobody reads."""
        unread = layout.get_unread()
        return bool(unread) and self.env._(
            "These columns are not read: %(titles)s.", titles=", ".join(unread)
        )

    @api.model
    def _get_reject_titles(self, file):
        return [*Layout.of(file).titles, self.env._("Line"), self.env._("Reason")]

    @api.model
    def _get_reject_reasons(self):
        """{code: why a row is refused}."""
        return {
            "known": self.env._("The visit is there already."),
            "patient": self.env._("No patient has this card number."),
            "closed": self.env._("The person's data are blocked or erased."),
            "name": self.env._("The card is another person's than the file says."),
            "specialist": self.env._("No specialist, or several, are called so."),
            "service": self.env._("No service, or several, are called so."),
            "branch": self.env._("No branch, or several, are called so."),
            "future": self.env._(
                "The visit has not been yet: import it as a coming one."
            ),
            "empty": self.env._(
                "The row does not say who, with whom, for what or where."
            ),
            "start": self.env._("The start is not understood."),
            "minutes": self.env._("The length is not understood."),
            "state": self.env._("What became of the visit is not understood."),
            "columns": self.env._("The row has another number of columns."),
            "encoding": self.env._("The row holds broken letters."),
            "sheet": self.env._("The sheet has no titles of visits."),
        }

    def _import_batch(self, file, rejects, rows=BATCH):
        """Take the next ``rows`` of ``file``; True if some are left. Commits nothing.

        :param rejects: csv writer for rows that cannot be taken
        """
        self.ensure_one()
        layout = Layout.of(file)
        if self.offset:
            file.seek(self.offset)
        reader = VisitReader(file, layout, self.line or layout.line)
        read = list(islice(reader, rows))
        good = [row for row in read if isinstance(row, Row)]
        texts = {row.line: row.text for row in good}
        refused = [
            Reject(line, reason, texts[line])
            for line, reason in (self._write_rows(good) if good else ())
        ]
        told = sorted([*(row for row in read if isinstance(row, Reject)), *refused])
        reasons = self._get_reject_reasons()
        width = len(layout.titles)
        for reject in told:
            cells = next(csv.reader([reject.text], delimiter=layout.delimiter), [])
            cells = (cells + [""] * width)[:width]
            rejects.writerow([*cells, reject.line, reasons[reject.reason]])
        self.write(
            {
                "offset": reader.offset if len(read) == rows else self.size,
                "line": reader.line,
                "created": self.created + len(good) - len(refused),
                "rejected": self.rejected + len(told),
            }
        )
        return self.offset < self.size

    def _write_rows(self, rows):
        """Write visits; the rows that cannot be taken as (line, reason)."""
        self.env.flush_all()
        self._stage(rows)
        self.env.cr.execute(SQL(STAGED, **self._get_named()))
        self._forgive_short_names()
        refused = self._insert_staged()
        self.env.cr.execute("DROP TABLE clinic_visit_file")
        return refused

    def _insert_staged(self):
        """Visits of the rows that can be taken; the others as (line, reason)."""
        params = {
            "now": self.env.cr.now(),
            "uid": self.env.uid,
            "reason": self.env.ref("clinic_base.cancel_reason_other").id,
        }
        refused = self.env.execute_query(SQL(REFUSED, **params))
        self.env.cr.execute(SQL(INSERT, **params))
        self.env.cr.execute("DROP TABLE clinic_visit_row")
        self.env["clinic.appointment"].invalidate_model()
        return refused

    @api.model
    def _forgive_short_names(self):
        """A name is another's only if it cannot be a short form of the card's."""
        unlike = self.env.execute_query(
            SQL("SELECT line, patient, card_name FROM clinic_visit_row WHERE is_unlike")
        )
        fitting = [line for line, said, name in unlike if fits_name(said, name)]
        self.env.cr.execute(
            SQL(
                "UPDATE clinic_visit_row SET is_unlike = FALSE WHERE line = ANY(%s)",
                fitting,
            )
        )

    def _get_named(self):
        """Folded names that one record alone bears, in any language; the records."""
        params = {}
        for kind, query in NAMES.items():
            bearers = {}
            for record_id, name in self.env.execute_query(SQL(query)):
                if name:
                    bearers.setdefault(fold(name), set()).add(record_id)
            alone = {word: min(ids) for word, ids in bearers.items() if len(ids) == 1}
            params[f"{kind}_words"] = list(alone)
            params[f"{kind}_ids"] = list(alone.values())
        return params

    def _stage(self, rows):
        kinds = {"line": "int", "minutes": "int"}
        # The row as it stands is told of, and not staged.
        names = Row._fields[:-1]
        columns = ", ".join(f"{name} {kinds.get(name, 'text')}" for name in names)
        # Columns are those of a class of ours, never from the file.
        self.env.cr.execute(  # pylint: disable=sql-injection
            f"CREATE TEMP TABLE clinic_visit_file ({columns})"
        )
        buffer = io.StringIO()
        csv.writer(buffer).writerows(row[:-1] for row in rows)
        buffer.seek(0)
        self.env.cr.copy_expert(
            "COPY clinic_visit_file FROM STDIN (FORMAT csv)", buffer
        )
        self.env.cr.execute("ANALYZE clinic_visit_file")


class ClinicAppointment(models.Model):
    _inherit = "clinic.appointment"

    import_key = fields.Char(
        readonly=True, copy=False, help="Number of the visit in an earlier system."
    )

    _import_key_once = models.UniqueIndex(
        "(import_key) WHERE import_key IS NOT NULL",
        "This visit has been imported already.",
    )
