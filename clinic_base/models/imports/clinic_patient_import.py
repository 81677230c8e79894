import base64
import csv
import io
import json
import os
from pathlib import Path

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools.import_work import read_batch, read_batches, write_side_by_side
from ...tools.patient_rows import HeaderError, Layout, Reader, Reject, Row

# Rows a transaction: a kill costs no more, and the screen is told as often.
BATCH = 10_000
# Reading the file keeps up with about as many transactions.
MOST_JOBS = 4
TRIES = 3
# Cards that are much like each other lie side by side in the indexes of names.
ORDER = "s.search_name, s.line"
NOW = "now() AT TIME ZONE 'UTC'"
# What people say of a file before it is started.
CHOSEN = frozenset({"name", "file", "dry_run"})
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
        )
    },
}
PHONE_COLUMNS = {
    "id": "nextval('clinic_patient_phone_id_seq')",
    "create_date": NOW,
    "write_date": NOW,
    "patient_id": "s.patient_id",
    "number_e164": "s.phone_e164",
}


def get_jobs():
    """As many transactions at a time as there are processors, up to four."""
    return min(os.cpu_count() or 1, MOST_JOBS)


class ClinicPatientImport(models.Model):
    """A file of patients on its way into the cards.

    A batch of rows goes by COPY into a staging table, then SQL writes what the ORM
    would have written. The place in the file is saved with the rows, so that a killed
    import goes on without doubles. The cron takes batch after batch; the command line
    writes several at a time::

        run = env["clinic.patient.import"]._import_csv(path)
        print(run.created, run.rejected, run._get_rejects())
    """

    _name = "clinic.patient.import"
    _description = "Import of patients"
    _inherit = ["clinic.engine.mixin"]
    _created_by_engine = False
    # Cron and command line work as superuser; the button has checked who presses it.
    _engine_is_superuser = True
    _order = "id desc"

    name = fields.Char(string="Name of the file", required=True)
    file = fields.Binary(attachment=True)
    dry_run = fields.Boolean(string="Check only")
    state = fields.Selection(
        [
            ("draft", "New"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Not possible"),
        ],
        required=True,
        default="draft",
        readonly=True,
    )
    size = fields.Integer(string="Size (bytes)", readonly=True)
    offset = fields.Integer(string="Read (bytes)", readonly=True)
    line = fields.Integer(string="Next line", readonly=True)
    mapping = fields.Json(help="Column title to field, where titles are unusual.")
    created = fields.Integer(readonly=True)
    rejected = fields.Integer(compute="_compute_rejected")
    progress = fields.Float(compute="_compute_progress", help="Percent of the file.")
    message = fields.Text(readonly=True)
    reject_ids = fields.One2many("clinic.patient.import.reject", "import_id")

    @api.depends("reject_ids")
    def _compute_rejected(self):
        counts = dict(
            self.env["clinic.patient.import.reject"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for run in self:
            run.rejected = counts.get(run, 0)

    @api.depends("offset", "size")
    def _compute_progress(self):
        for run in self:
            run.progress = 100.0 * run.offset / run.size if run.size else 0.0

    # === CRUD === #

    @api.model
    def _get_engine_fields(self):
        """How far the file is; what it is, is chosen before it starts."""
        return frozenset(
            {"state", "size", "offset", "line", "created", "message", "mapping"}
        )

    def _raise_engine_only(self):
        raise UserError(self.env._("Choose a file and press “Start”."))

    def write(self, vals):
        """:raises UserError: another file for what is on its way already"""
        if not CHOSEN.isdisjoint(vals) and not self._is_engine():
            self._check_not_begun()
        return super().write(vals)

    # === ACTIONS === #

    def action_start(self):
        """Leave the file to the cron.

        :raises UserError: no file, or on its way already
        """
        self.check_access("write")
        self.lock_for_update()
        self._check_not_begun()
        for run in self:
            if not run.file:
                raise UserError(self.env._("Choose a file first."))
            run._as_engine().write(
                {"state": "queued", "offset": 0, "line": 0, "created": 0}
            )
        self.env.ref("clinic_base.ir_cron_import_patients").sudo()._trigger()

    def _check_not_begun(self):
        if self.filtered(lambda run: run.state not in ("draft", "failed")):
            raise UserError(
                self.env._("The file has been started already. Make a new import.")
            )

    def action_get_rejects(self):
        """The rejected rows as a file, to be mended and imported again."""
        self.ensure_one()
        name = self.env._("rejected_%(name)s", name=self.name)
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": "\ufeff".encode() + self._get_rejects().encode(),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }

    @api.model
    def _cron_run(self):
        """Batch by batch, committing each; one bad file does not stop the next."""
        runs = self.search(
            [("state", "in", ["queued", "running"]), ("file", "!=", False)]
        )
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(runs))
        for run in runs:
            with io.BytesIO(base64.b64decode(run.file)) as file:
                while run._import_batch(file):
                    if not cron._commit_progress():
                        return
            if not cron._commit_progress(1):
                return

    # === IMPORT === #

    @api.model
    def _get_run(self, name, size, mapping=None, dry_run=False):
        """The unfinished run of the same file, to go on with, or a new one."""
        vals = {"name": name, "size": size, "dry_run": dry_run}
        # Running from the start: killed before its first part is counted, it is found.
        vals["state"] = "running"
        same = [(key, "=", vals[key]) for key in vals]
        return self.search(same, limit=1) or self.create({**vals, "mapping": mapping})

    @api.model
    def _import_csv(self, path, mapping=None, dry_run=False, report=None, jobs=None):
        """Import the file at ``path``, committing every batch; for the command line.

        ``report(run)`` is called after every batch. Returns the run, whose rejected
        rows ``_get_rejects()`` gives as CSV.

        :param jobs: transactions at a time, :func:`get_jobs` if left out
        """
        path = Path(path)
        run = self._get_run(path.name, path.stat().st_size, mapping, dry_run)
        with path.open("rb") as file:
            for _part in run._import_parts(file, jobs or get_jobs()):
                # What a kill may cost is the batches on their way.
                self.env.cr.commit()  # pylint: disable=invalid-commit
                if report:
                    report(run)
        return run

    def _import_batch(self, file, rows=BATCH):
        """Take the next ``rows`` of ``file`` (binary, seekable); True if some are left.

        Commits nothing. A file that cannot be read as a whole ends as ``failed`` with
        a message.
        """
        self.ensure_one()
        if reader := self._open_reader(file):
            batch, _keys = read_batch(reader, rows)
            created = self._write_batch(batch, self._get_templates())
            self._move_to(batch.offset, batch.line, created)
        return self.state == "running"

    def _import_parts(self, file, jobs, rows=BATCH):
        """Import ``file`` by ``jobs`` transactions at a time; yields after each one.

        What is yielded after is to be committed. A part that is written but not counted
        yet when the import is killed is counted when it goes on.
        """
        self.ensure_one()
        reader = self._open_reader(file)
        if not reader:
            yield
            return
        templates = self._get_templates()
        # The others see the run only now.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        for batch in write_side_by_side(
            read_batches(reader, rows, self.size, jobs),
            lambda batch: self._write_part(batch, templates),
            jobs,
        ):
            # A transaction that has begun before does not see the part.
            self.env.cr.commit()  # pylint: disable=invalid-commit
            part = self._find_part(batch)
            self._move_to(part.offset, part.line, part.created)
            part.unlink()
            yield

    def _write_part(self, batch, templates):
        """Write ``batch`` in a transaction of its own, once, whatever happens.

        Cards with the same number may come from the batch beside it, or from the desk:
        then it is done again, and finds them.
        """
        for tries_left in reversed(range(TRIES)):
            try:
                with self.env.registry.cursor() as cr:
                    self.with_env(self.env(cr=cr))._write_part_once(batch, templates)
                return
            except (UniqueViolation, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                if not tries_left:
                    raise

    def _write_part_once(self, batch, templates):
        part = self._find_part(batch)
        if part:
            return
        part.create(
            {
                "import_id": self.id,
                "start": batch.start,
                "offset": batch.offset,
                "line": batch.line,
                "created": self._write_batch(batch, templates),
            }
        )

    def _find_part(self, batch):
        return self.env["clinic.patient.import.part"].search(
            [("import_id", "=", self.id), ("start", "=", batch.start)]
        )

    def _move_to(self, offset, line, created):
        self.write(
            {
                "state": "running" if offset < self.size else "done",
                "offset": offset,
                "line": line,
                "created": self.created + created,
            }
        )

    def _open_reader(self, file):
        """A reader that stands where this run has to go on.

        None if the first line does not say what the columns are; then the run has
        failed and says why.
        """
        try:
            layout = Layout.of(file, self.mapping)
        except HeaderError as error:
            message = self._get_header_message(*error.args)
            self.write({"state": "failed", "message": message})
            return None
        if self.offset:
            file.seek(self.offset)
        else:
            self.size = file.seek(0, io.SEEK_END)
            file.seek(0)
            file.readline()
        return Reader(file, layout, self.line or 2)

    def _write_batch(self, batch, templates):
        """Write cards for a batch and note its rejected rows; returns their number."""
        created, known = self._import_rows(batch.good, templates)
        self._add_rejects([*batch.bad, *known])
        return created

    def _import_rows(self, rows, templates):
        """Write cards for ``rows`` (CSV); returns their number and the known ones."""
        if not rows:
            return 0, []
        if not self.dry_run:
            return self._write_rows(rows, templates)
        savepoint = self.env.cr.savepoint(flush=False)
        result = self._write_rows(rows, templates)
        savepoint.close(rollback=True)
        return result

    def _write_rows(self, rows, templates):
        self._set_memory()
        self._stage(rows)
        known = self._take_known_rows()
        self._prepare_staged()
        for table, columns, where in (
            ("res_partner", PARTNER_COLUMNS, "TRUE"),
            ("clinic_patient", PATIENT_COLUMNS, "TRUE"),
            ("clinic_patient_phone", PHONE_COLUMNS, "s.phone_e164 IS NOT NULL"),
        ):
            self._insert(table, columns, where, templates[table])
        self.env.cr.execute("SELECT count(*) FROM clinic_import_row")
        (created,) = self.env.cr.fetchone()
        self.env.cr.execute("DROP TABLE clinic_import_row")
        self.env.invalidate_all()
        return created, known

    def _stage(self, rows):
        columns = ", ".join(f"{f} {STAGING_TYPES.get(f, 'text')}" for f in Row._fields)
        # Columns are those of a class of ours, never from the file.
        self.env.cr.execute(  # pylint: disable=sql-injection
            f"CREATE TEMP TABLE clinic_import_row ({columns}, category_id int4,"
            " partner_id int4 DEFAULT nextval('res_partner_id_seq'),"
            " patient_id int4 DEFAULT nextval('clinic_patient_id_seq'))"
        )
        self.env.cr.copy_expert(
            f"COPY clinic_import_row ({', '.join(Row._fields)})"
            " FROM STDIN (FORMAT csv)",
            io.StringIO(rows),
        )

    def _take_known_rows(self):
        """Take out rows of people who have a card."""
        self.env.flush_all()
        # Each row is looked up in the cards' B-trees. The planner would rather ask the
        # trigram index for whole names, or scan tables it has no figures of yet.
        self._set_planner("off")
        self.env.cr.execute(
            """
            ANALYZE clinic_import_row;
            DELETE FROM clinic_import_row WHERE line IN (
                SELECT s.line FROM clinic_import_row s
                  JOIN clinic_patient p ON p.snils = s.snils
                UNION
                SELECT s.line FROM clinic_import_row s
                  JOIN clinic_patient p ON p.card_number = s.card_number
                   AND p.card_number <> '/'
                UNION
                SELECT s.line FROM clinic_import_row s
                  JOIN clinic_patient p ON p.search_name = s.search_name
                   AND (p.birthdate = s.birthdate OR (
                        (s.birthdate IS NULL OR p.birthdate IS NULL)
                        AND EXISTS (SELECT FROM clinic_patient_phone f
                                     WHERE f.patient_id = p.id
                                       AND f.number_e164 = s.phone_e164))))
            RETURNING line, text
            """
        )
        known = [Reject(line, "known", text) for line, text in self.env.cr.fetchall()]
        self._set_planner("on")
        return known

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
        """Numbers for cards that bring none, and their categories."""
        sequence = (
            self.env["ir.sequence"].sudo().search([("code", "=", "clinic.patient")])
        )
        prefix, suffix = sequence[:1]._get_prefix_suffix()
        self.env.cr.execute(
            """
            WITH known AS MATERIALIZED (
                SELECT DISTINCT ON (w.category) w.category, c.id
                  FROM (SELECT DISTINCT category FROM clinic_import_row) w
                  JOIN clinic_patient_category c ON c.code = w.category
                    OR EXISTS (SELECT FROM jsonb_each_text(c.name) n
                                WHERE lower(n.value) = w.category)
                 ORDER BY w.category, c.id
            )
            UPDATE clinic_import_row s
               SET card_number = COALESCE(s.card_number, %s || lpad(
                       nextval(%s)::text, %s, '0') || %s),
                   category_id = (SELECT id FROM known k
                                   WHERE k.category = s.category)
             WHERE s.card_number IS NULL OR s.category IS NOT NULL
            """,
            [
                prefix or "",
                f"ir_sequence_{sequence[:1].id:03}",
                sequence[:1].padding,
                suffix or "",
            ],
        )

    def _insert(self, table, columns, where, template):
        """Insert staged rows; what the file does not say is as in a card that the ORM
        makes, whatever modules have added to it."""
        names = [*columns, *(name for name in template if name not in columns)]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM clinic_import_row s,"
                " jsonb_populate_record(NULL::%s, %s::jsonb) t WHERE %s ORDER BY %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(
                    SQL(columns[n]) if n in columns else SQL.identifier("t", n)
                    for n in names
                ),
                SQL.identifier(table),
                json.dumps(template),
                SQL(where),
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

    # === REJECTED ROWS === #

    def _add_rejects(self, rejects):
        self.env["clinic.patient.import.reject"].create(
            [
                {
                    "import_id": self.id,
                    "line": reject.line,
                    "reason": reject.reason,
                    "text": reject.text,
                }
                for reject in rejects
            ]
        )

    def _get_rejects(self):
        """Rejected rows as CSV: line, reason, the row as it was."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter=";")
        writer.writerow([self.env._("Line"), self.env._("Reason"), self.env._("Row")])
        reasons = dict(
            self.reject_ids._fields["reason"]._description_selection(self.env)
        )
        for reject in self.reject_ids:
            writer.writerow([reject.line, reasons[reject.reason], reject.text])
        return buffer.getvalue()

    def _get_header_message(self, code, found):
        if code == "field":
            return self.env._(
                "The mapping names unknown fields: %(found)s.", found=found
            )
        return self.env._(
            "No column holds the name of the patient. Columns found: %(found)s."
            " Name one"
            " “ФИО” or “Фамилия”, or give a mapping.",
            found=found,
        )
