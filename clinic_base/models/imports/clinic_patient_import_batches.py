import hashlib
import io
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.file_text import get_sheets, is_workbook, read_head
from ...tools.import_work import read_batch, read_batches, write_side_by_side
from ...tools.patient_rows import HeaderError, Layout, Reader, to_utf8
from ...tools.uploads import find_hidden_sheets

# Rows a transaction: a kill costs no more, and the screen is told as often.
BATCH = 10_000
# Reading the file keeps up with about as many transactions.
MOST_JOBS = 4
TRIES = 3
# Of one sheet; a spreadsheet has no more.
SHEET_ROWS = 1_048_576


def get_jobs():
    """As many transactions at a time as there are processors, up to four."""
    return min(os.cpu_count() or 1, MOST_JOBS)


@contextmanager
def open_tables(path):
    """[(name, binary file of text)] of the file at ``path``: itself, or its sheets.

    :raises TooLargeError, UnreadableError: see ``tools/uploads.py``
    """
    with path.open("rb") as file, tempfile.TemporaryFile() as copy:
        if is_workbook(read_head(file)):
            sheets = get_sheets(file.read(), SHEET_ROWS)
            yield [
                (f"{path.name} ({name})", io.BytesIO(text.encode()))
                for name, text in sheets
            ]
        else:
            yield [(path.name, to_utf8(file, copy))]


def measure(file):
    """(bytes, digest) of a binary file; it stands at its beginning then."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return size, digest


class ClinicPatientImport(models.Model):
    """How a file goes through: batch after batch, several at a time, once each."""

    _inherit = "clinic.patient.import"

    @api.model
    def _get_run(self, name, size, mapping=None, dry_run=False, digest=False):
        """The unfinished run of the same file, to go on with, or a new one. A file that
        was mended meanwhile is another."""
        vals = {"name": name, "size": size, "digest": digest, "dry_run": dry_run}
        # Running from the start: killed before its first part is counted, it is found.
        vals["state"] = "running"
        same = [(key, "=", vals[key]) for key in vals]
        return self.search(same, limit=1) or self.create({**vals, "mapping": mapping})

    @api.model
    def _import_csv(self, path, mapping=None, dry_run=False, report=None, jobs=None):
        """Import the file at ``path``, committing every batch; for the command line.

        ``report(run)`` is called after every batch. Returns the run, of a workbook one
        for each sheet; its rejected rows ``_get_rejects()`` gives as CSV.

        :param jobs: transactions at a time, :func:`get_jobs` if left out
        :raises UserError: the file is no table
        """
        runs = self.browse()
        hidden = self._find_hidden_sheets_of(Path(path))
        with self._explaining_uploads(), open_tables(Path(path)) as tables:
            for name, file in tables:
                size, digest = measure(file)
                run = self._get_run(name, size, mapping, dry_run, digest)
                run.hidden_sheets = hidden
                runs += run
                for _part in run._import_parts(file, jobs or get_jobs()):
                    # What a kill may cost is the batches on their way.
                    self.env.cr.commit()  # pylint: disable=invalid-commit
                    if report:
                        report(run)
        return runs

    @api.model
    def _find_hidden_sheets_of(self, path):
        with self._explaining_uploads(), path.open("rb") as file:
            # A table of texts is read piece by piece.
            content = file.read() if is_workbook(read_head(file)) else b""
            return ", ".join(find_hidden_sheets(content)) or False

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
        done = offset >= self.size
        self.write(
            {
                "state": "done" if done else "running",
                "offset": offset,
                "line": line,
                "created": self.created + created,
            }
        )
        if done:
            self.message = "\n".join(
                filter(None, (self.message, self._get_missing_message()))
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
            return Reader(file, layout, self.line)
        self._begin(file, layout)
        return Reader(file, layout)

    def _begin(self, file, layout):
        """Note what the file is like, before its first row."""
        self.write(
            {
                "size": file.seek(0, io.SEEK_END),
                "titles": list(layout.titles),
                "delimiter": layout.delimiter,
                "columns": list(layout.columns),
                "date_order": layout.order,
                "message": "\n".join(
                    filter(
                        None,
                        (self._get_hidden_message(), self._get_unread_message(layout)),
                    )
                )
                or False,
            }
        )
        file.seek(layout.start)
        if "card_number" in layout.columns:
            # Of the whole file: a row without a number must not take a later one's.
            numbers = Reader(file, layout).scan("card_number")
            self.env["clinic.patient"]._push_card_numbers(numbers)
            file.seek(layout.start)

    def _write_batch(self, batch, templates):
        """Write cards for a batch, note what is told of rows; returns their number."""
        created, told, cards = self._import_rows(batch.good, templates)
        self._add_rejects(
            reject._replace(card=cards.get(reject.line, 0)) if reject.kept else reject
            for reject in (*batch.bad, *told)
        )
        return created
