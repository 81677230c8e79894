import time
from contextlib import contextmanager
from hashlib import sha256

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.imports.name_lookup import AskedError
from ..tools import uploads
from ..tools.list_rows import MAX_ROWS, write_workbook


class ClinicRowsImportMixin(models.AbstractModel):
    """A file whose rows are made one after the other, each whole or not at all.

    Checking makes every row and takes it back; importing keeps what could be made. Both
    say of every row what became of it, in ``line_ids`` of the wizard that stands on
    this; rows see what the rows before them have made.
    """

    _name = "clinic.rows.import.mixin"
    _description = "Import row by row"

    # What a line is called whose row is not made, and one that is not tried again.
    _refused_state = "refused"
    _settled_state = None
    _max_rows = MAX_ROWS
    # Seconds of one press; a request that takes longer is ended by the server, and
    # nothing of it stays.
    _patience = 120

    file = fields.Binary(attachment=False)
    filename = fields.Char()
    digest = fields.Char(readonly=True, help="Of the file that the lines are about.")
    message = fields.Text(readonly=True)

    # === HOOKS === #

    @api.model
    def _get_sample(self):
        """Hook: (name of the file, titles, rows) that people download."""
        raise NotImplementedError

    def _read(self, content):
        """Hook: (rows, sentences on what nobody has read). A row has ``sheet`` and
        ``number``.

        :raises UserError: no file of this kind
        """
        raise NotImplementedError

    def _get_taker(self):
        """Hook: what rows are made with, once for each run."""
        raise NotImplementedError

    def _take_row(self, taker, row, keep):
        """Hook: make ``row``; the state of its line.

        :raises AskedError, UserError: why it is not made
        """
        raise NotImplementedError

    def _prepare_report(self, row):
        """Hook: values of the line about ``row``, beside its state."""
        return {"sheet": row.sheet, "number": row.number, "message": False}

    def _finish(self, taker, rows, reports):
        """Hook: what is made of all rows together; returns a sentence or nothing."""
        return ""

    # === ACTIONS === #

    def action_check(self):
        """Say what would become of every row; nothing stays."""
        return self._run(keep=False)

    def action_import(self):
        """Make every row that can be made; the others stay in the report."""
        return self._run(keep=True)

    def action_sample(self):
        """A workbook with the columns in the user's language and an example."""
        self.check_access("write")
        self.ensure_one()
        name, titles, rows = self._get_sample()
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": write_workbook(titles, rows),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
        }

    def _run(self, keep):
        # The same right as for making this record; it can be called without one.
        self.check_access("write")
        self.ensure_one()
        content = self._open()
        reports, message = self._load(content, keep, self._patience)
        self._report(reports, message)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
            "name": self.env["ir.model"]._get(self._name).sudo().name,
        }

    def _open(self):
        """The file; what was told and answered of another one is forgotten.

        :raises UserError: there is none, or it is too large
        """
        if not self.file:
            raise UserError(self.env._("Choose a file."))
        with self._explaining_files():
            content = uploads.decode(self.file)
        digest = sha256(content).hexdigest()
        if self.digest != digest:
            # Sudo: the report of an import that the user may write.
            self.line_ids.sudo().unlink()
            self.digest = digest
        return content

    def _report(self, reports, message):
        settled = self._get_settled()
        # Sudo: as above.
        (self.line_ids - settled).sudo().unlink()
        self.write(
            {
                "line_ids": [
                    Command.create(
                        {name: one[name] for name in one if name in self.line_ids}
                    )
                    for one in reports
                ],
                "message": message,
            }
        )

    def _get_settled(self):
        return self.line_ids.filtered(lambda line: line.state == self._settled_state)

    # === ROWS === #

    def _load(self, content, keep, patience=None):
        """([values of a line for each row], what is told of the whole file).

        :param patience: seconds after which rows are left for the next press
        :raises UserError: the file is no table, or none of this kind
        """
        settled = {(line.sheet or "", line.number) for line in self._get_settled()}
        rows, told = self._read(content)
        rows = [row for row in rows if (row.sheet, row.number) not in settled]
        taker = self._get_taker()
        savepoint = self.env.cr.savepoint()
        started, reports = time.monotonic(), []
        for row in rows:
            is_late = patience is not None and time.monotonic() - started > patience
            reports.append(
                self._prepare_report(row) | {"state": "left"}
                if is_late and reports
                else self._try_row(taker, row, keep)
            )
        if any(report["state"] == "left" for report in reports):
            told = [self._get_left_message(keep), *told]
        told = [*told, self._try_to_finish(taker, rows, reports)]
        savepoint.close(rollback=not keep)
        if not keep:
            self.env.invalidate_all()
        # Sheets of one program have the same columns.
        return reports, "\n".join(filter(None, dict.fromkeys(told)))

    def _get_left_message(self, keep):
        if keep:
            return self.env._(
                "Not all rows were tried in the time of one press: press again, and it"
                " goes on."
            )
        return self.env._(
            "Not all rows were tried in the time of one press. Importing goes on with"
            " every press."
        )

    def _try_row(self, taker, row, keep):
        report = self._prepare_report(row)
        try:
            with self.env.cr.savepoint():
                state = self._take_row(taker, row, keep)
                # What the database refuses is refused here.
                self.env.flush_all()
        except AskedError as error:
            asked = {"state": "asked", "message": str(error), "about": error.about}
            return report | asked
        except UserError as error:
            state, report["message"] = self._refused_state, self._explain(error)
        except psycopg2.IntegrityError as error:
            state, report["message"] = self._refused_state, self._word(error)
        return report | {"state": state}

    def _explain(self, error):
        """Hook: why a row is refused."""
        return str(error)

    def _word(self, error):
        """What a constraint of the database has refused, as its model says it."""
        models = (m for m in self.env.values() if m._table == error.diag.table_name)
        return next(models, self)._sql_error_to_message(error)

    def _try_to_finish(self, taker, rows, reports):
        """Where the whole is refused, none of its rows is made."""
        try:
            with self.env.cr.savepoint():
                told = self._finish(taker, rows, reports)
                self.env.flush_all()
        except UserError as error:
            for report in reports:
                if report["state"] == "made":
                    report |= {"state": self._refused_state, "message": str(error)}
            return str(error)
        return told

    # === WHAT IS TOLD OF THE FILE === #

    @contextmanager
    def _explaining_files(self):
        """Refusals of :mod:`tools.uploads`, in words."""
        try:
            yield
        except uploads.TooLargeError as error:
            raise UserError(self._explain_size(error)) from error
        except uploads.UnreadableError as error:
            raise UserError(self._explain_unreadable(error)) from error

    def _explain_unreadable(self, error):
        """Hook: why the file is none of this kind."""
        return self.env._("The file cannot be read.")

    def _explain_size(self, error):
        if error.what == "rows":
            return self.env._(
                "The file is too large: at most %(count)s rows.", count=self._max_rows
            )
        if error.what == "columns":
            return self.env._(
                "A sheet has more than %(count)s columns: leave out those that are not"
                " wanted.",
                count=error.limit,
            )
        return self.env._("The file is too large, or holds too much when unpacked.")

    def _describe_unread(self, tables, content):
        """Sentences on what nobody has read: sheets and columns."""
        with self._explaining_files():
            hidden = uploads.find_hidden_sheets(content)
        if hidden:
            yield self.env._(
                "Hidden sheets were left out: %(sheets)s.", sheets=", ".join(hidden)
            )
        for table in tables:
            if table.rows is None:
                yield self.env._(
                    "The sheet “%(sheet)s” was left out: no titles.", sheet=table.name
                )
            if table.unknown:
                yield self.env._(
                    "These columns are not read: %(titles)s.",
                    titles=", ".join(table.unknown),
                )


class ClinicRowsImportLineMixin(models.AbstractModel):
    """What became of one row."""

    _name = "clinic.rows.import.line.mixin"
    _description = "Row of a file"

    sheet = fields.Char(readonly=True)
    number = fields.Integer(string="Row", readonly=True)
    # Lists show a text whole, in as many lines as it takes.
    message = fields.Text(readonly=True)
