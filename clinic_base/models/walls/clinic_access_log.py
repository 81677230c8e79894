import json
import logging
from functools import partial
from pathlib import Path

from psycopg2.extras import Json

from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.http import request

from ...fields import get_keyring
from ...tools import authority
from ...tools.access_trail import AccessTrail, TrailKey
from ...tools.keyring import SealBrokenError, UnknownKeyError
from ...tools.log_head import HeadFile, LogHead

_logger = logging.getLogger(__name__)

SIGNED = "access log"
TRAIL = "clinic_base.access_trail"
# Fields under the hash, in its order.
HASHED = (
    "date",
    "login_uid",
    "login",
    "remote_addr",
    "path",
    "model",
    "operation",
    "job",
    "record_ids",
    "patient_ids",
)


class ClinicAccessLog(models.Model):
    """Who did what to medical records. Rows are only ever added.

    They are written on a connection of their own before the answer leaves: the request
    may be read-only or rolled back, its trace stays. If the log cannot be written, the
    request fails. Each row's hash is keyed (the key lies in the key file) and covers
    the row before it, so that a row changed, added or taken out by SQL shows; the last
    row is also known to a sealed file outside of the database, so that a cut end shows.
    Users and records are kept as plain numbers: a foreign key would tie a log of 25
    years to rows that come and go, and could wait for a lock of the very request that
    is logged.
    """

    _name = "clinic.access.log"
    _description = "Access to medical records"
    _order = "id desc"
    _rec_name = "model"
    _log_access = False
    _allow_sudo_commands = False

    date = fields.Datetime(required=True, readonly=True, index=True)
    login_uid = fields.Integer(string="User number", readonly=True, index=True)
    login = fields.Char(readonly=True, help="As it was on that day.")
    user_id = fields.Many2one(
        "res.users", compute="_compute_user_id", search="_search_user_id"
    )
    remote_addr = fields.Char(string="IP address", readonly=True)
    path = fields.Char(readonly=True)
    # Selections for their labels alone: the rows keep the technical names.
    model = fields.Selection(
        "_get_medical_models",
        string="Kind of record",
        required=True,
        readonly=True,
        index=True,
    )
    operation = fields.Selection(
        [
            ("read", "Read"),
            ("create", "Created"),
            ("write", "Changed"),
            ("aggregate", "Counted"),
            ("refused", "Refused"),
            ("sign", "Signed"),
        ],
        required=True,
        readonly=True,
    )
    job = fields.Char(readonly=True)
    record_ids = fields.Json(string="Record numbers", readonly=True)
    patient_ids = fields.Json(string="Patient numbers", readonly=True)
    record_id = fields.Integer(compute="_compute_numbers", search="_search_record_id")
    patient_id = fields.Many2one(
        "clinic.patient", compute="_compute_numbers", search="_search_patient_id"
    )
    record_count = fields.Integer(string="Records", compute="_compute_numbers")
    patient_count = fields.Integer(string="Patients", compute="_compute_numbers")
    hash = fields.Char(required=True, readonly=True)

    _record_idx = models.Index("USING gin (record_ids)")
    _patient_idx = models.Index("USING gin (patient_ids)")

    def init(self):
        """Refuse changes in SQL too, save by who may drop the trigger."""
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION clinic_access_log_keep() RETURNS trigger AS $$
            BEGIN
                RAISE EXCEPTION 'the access log is never changed';
            END $$ LANGUAGE plpgsql;
            CREATE OR REPLACE TRIGGER clinic_access_log_keep
                BEFORE UPDATE OR DELETE OR TRUNCATE ON clinic_access_log
                EXECUTE FUNCTION clinic_access_log_keep();
            """
        )

    # === FIELDS === #

    @api.model
    def _get_medical_models(self):
        """``(technical name, name in the user's language)`` of all medical models."""
        medical = [
            name
            for name, model in self.env.items()
            if getattr(model, "_clinic_medical", False) and not model._abstract
        ]
        # Sudo: only names of kinds of records.
        models = self.env["ir.model"].sudo().search([("model", "in", medical)])
        return [(model.model, model.name) for model in models]

    def _compute_user_id(self):
        users = self.env["res.users"].browse(self.mapped("login_uid")).exists()
        for row in self:
            row.user_id = users.browse(row.login_uid) & users

    def _search_user_id(self, operator, value):
        users = self.env["res.users"].with_context(active_test=False)
        found = users._search(Domain("id", operator, value))
        return Domain("login_uid", "in", found)

    def _compute_numbers(self):
        for row in self:
            row.record_id = (row.record_ids or [0])[0]
            row.patient_id = (row.patient_ids or [False])[0]
            row.record_count = len(row.record_ids or ())
            row.patient_count = len(row.patient_ids or ())

    def _search_record_id(self, operator, value):
        return self._search_number("record_ids", operator, value)

    def _search_patient_id(self, operator, value):
        if operator in ("ilike", "like", "any"):
            value = self.env["clinic.patient"]._search(
                Domain("display_name" if operator != "any" else "id", operator, value),
                limit=100,
            )
            operator = "in"
        return self._search_number("patient_ids", operator, value)

    def _search_number(self, name, operator, value):
        if operator != "in":
            return NotImplemented
        found = [Domain.FALSE]
        for number in value:
            sql = tools.SQL(
                "%s @> %s", tools.SQL.identifier(self._table, name), Json([number])
            )
            found.append(Domain.custom(to_sql=lambda model, alias, query, sql=sql: sql))
        return Domain.OR(found)

    # === NO CHANGES === #

    @api.model_create_multi
    def create(self, vals_list):
        raise self._make_keep_error()

    def write(self, vals):
        raise self._make_keep_error()

    def unlink(self):
        raise self._make_keep_error()

    def _make_keep_error(self):
        return AccessError(self.env._("The access log is written by the system alone."))

    # === WRITING === #

    @api.model
    def _note(self, model, operation, record_ids, patient_ids):
        """Remember for ``_write_trail``; nothing is written yet."""
        key = TrailKey(model, operation, authority.current_job())
        self._get_trail().note(key, record_ids, patient_ids)

    @api.model
    def _get_trail(self):
        """The trail of the request, or of the transaction where there is none."""
        if request:
            if not hasattr(request, "clinic_trail"):
                request.clinic_trail = AccessTrail()
            return request.clinic_trail
        postcommit = self.env.cr.postcommit
        if TRAIL not in postcommit.data:
            postcommit.data[TRAIL] = AccessTrail()
            log = self.env["clinic.access.log"]
            postcommit.add(lambda: log._write_trail(postcommit.data[TRAIL]))
        return postcommit.data[TRAIL]

    @api.model
    def _write_trail(self, trail):
        """Write what ``trail`` collected, on a connection of its own; raises if it
        cannot."""
        entries = trail.take()
        if not entries:
            return
        rows = [self._prepare_row(key, entry) for key, entry in entries.items()]
        if self.env.cr.readonly:
            # Ends the read-only transaction, whose answer is ready: a connection for
            # writing is not opened beside it.
            self.env.cr.rollback()
        with self.env.registry.cursor() as cr:
            self._append(cr, rows)
        trail.confirm(entries)

    @api.model
    def _prepare_row(self, key, entry):
        uid = authority.request_login() if request else self.env.uid
        user = self.env["res.users"].sudo().browse(uid or ())
        return {
            "date": fields.Datetime.to_string(self.env.cr.now()),
            "login_uid": uid or None,
            "login": user.login or None,
            "remote_addr": request.httprequest.remote_addr if request else None,
            "path": request.httprequest.path if request else None,
            "model": key.model,
            "operation": key.operation,
            "job": key.job,
            "record_ids": sorted(entry.record_ids),
            "patient_ids": sorted(entry.patient_ids),
        }

    @api.model
    def _append(self, cr, rows):
        """Chain ``rows`` to the last one.

        LOCK TABLE comes first: it takes no snapshot, so the last hash read after the
        wait is the last one indeed, in a transaction of repeatable reads too.
        """
        head_file = self._get_head_file()
        head = self._read_head(head_file)
        # One way to the server for the lock and the hashes, one for all rows: somebody
        # waits for the answer that the log holds back.
        cr.execute(
            """
            SET LOCAL lock_timeout = '10s';
            LOCK TABLE clinic_access_log IN SHARE ROW EXCLUSIVE MODE;
            SELECT (SELECT hash FROM clinic_access_log ORDER BY id DESC LIMIT 1),
                   (SELECT hash FROM clinic_access_log WHERE id = %s)
            """,
            [head.row_id],
        )
        last, known = cr.fetchone()
        last = last or head.since_hash
        faults = self._find_cut(head, known)
        keyring = get_keyring(self.env)
        values = []
        for row in rows:
            last = keyring.sign(chained(last, row), SIGNED)
            values.append(
                [
                    *(
                        Json(row[n]) if isinstance(row[n], list) else row[n]
                        for n in HASHED
                    ),
                    last,
                ]
            )
        written = cr.execute_values(
            """
            INSERT INTO clinic_access_log (
                date, login_uid, login, remote_addr, path, model, operation, job,
                record_ids, patient_ids, hash
            ) VALUES %s RETURNING id
            """,
            values,
            page_size=len(values),
            fetch=True,
        )
        cr.postcommit.add(
            partial(self._keep_head, head_file, written[-1][0], last, faults)
        )

    @api.model
    def _count_noted(self, model, operation, ids):
        """{number of ``ids``: rows with ``operation`` on it}, where there are any."""
        if not (ids := {id_ for id_ in ids if id_}):
            return {}
        self.env.cr.execute(
            """
            SELECT wanted.id, count(*)
              FROM unnest(%s) AS wanted(id)
              JOIN clinic_access_log
                ON record_ids @> to_jsonb(ARRAY[wanted.id])
               AND model = %s AND operation = %s
             GROUP BY wanted.id
            """,
            [list(ids), model, operation],
        )
        return dict(self.env.cr.fetchall())

    # === THE HEAD OUTSIDE OF THE DATABASE === #

    @api.model
    def _get_head_folder(self):
        return Path(tools.config["data_dir"]) / "access_log"

    @api.model
    def _get_head_file(self):
        return HeadFile(
            self._get_head_folder(), self.env.cr.dbname, get_keyring(self.env)
        )

    @api.model
    def _read_head(self, head_file):
        """The head as the file has it; one that tells its fault where it has none."""
        try:
            return head_file.read() or LogHead()
        except SealBrokenError as error:
            return LogHead(faults=(f"the sealed file was changed ({error})",))

    @api.model
    def _find_cut(self, head, known):
        """Sentences about a row that the head knows and whose hash is now ``known``."""
        if not head.row_id or known == head.hash:
            return head.faults
        fault = f"row {head.row_id} is gone or was written anew"
        if fault in head.faults:
            return head.faults
        _logger.critical("Access log: %s", fault)
        return (*head.faults, fault)

    @api.model
    def _keep_head(self, head_file, row_id, hash_, faults):
        """Note a committed row; other processes may have noted later ones already."""
        with head_file.locked():
            head = self._read_head(head_file)
            kept = dict.fromkeys((*head.faults, *faults))
            head = head.advance(row_id, hash_)
            head_file.write(
                LogHead(
                    head.row_id, head.hash, head.since_id, head.since_hash, tuple(kept)
                )
            )

    @api.model
    def _renew_head(self):
        """Take the log as it is from now on; for whoever has the server.

        After a restore, or when what was found has been looked into: rows up to the
        present one are not checked any more. Returns the number of the last row.
        """
        self.env.cr.execute(
            "SELECT id, hash FROM clinic_access_log ORDER BY id DESC LIMIT 1"
        )
        head = LogHead()
        last_id, last = self.env.cr.fetchone() or (head.row_id, head.hash)
        head_file = self._get_head_file()
        with head_file.locked():
            head_file.write(LogHead(last_id, last, last_id, last))
        return last_id

    # === CHECKING === #

    @api.model
    def _find_faults(self, batch=10000):
        """Sentences (English, for the log and the command line) about what is wrong."""
        head = self._read_head(self._get_head_file())
        self.env.cr.execute(
            "SELECT hash FROM clinic_access_log WHERE id = %s", [head.row_id]
        )
        known = self.env.cr.fetchone()
        faults = list(self._find_cut(head, known and known[0]))
        if broken := self._find_broken_link(head.since_id, head.since_hash, batch):
            faults.append(
                f"row {broken} does not follow from the row before it,"
                " or is signed with a key that the key file lacks"
            )
        return faults

    @api.model
    def _find_broken_link(self, after=0, last=LogHead.since_hash, batch=10000):
        """Id of the first row that does not follow from the one before it, or None.

        :param after: row to begin behind, whose hash is ``last``
        """
        keyring = get_keyring(self.env)
        while True:
            self.env.cr.execute(
                """
                SELECT id, hash, to_char(date, 'YYYY-MM-DD HH24:MI:SS'), login_uid,
                       login, remote_addr, path, model, operation, job, record_ids,
                       patient_ids
                  FROM clinic_access_log WHERE id > %s ORDER BY id LIMIT %s
                """,
                [after, batch],
            )
            rows = self.env.cr.fetchall()
            for row_id, stored, *values in rows:
                row = dict(zip(HASHED, values, strict=True))
                if not self._follows(keyring, last, row, stored):
                    return row_id
                after, last = row_id, stored
            if len(rows) < batch:
                return None

    @api.model
    def _follows(self, keyring, last, row, stored):
        try:
            return keyring.verifies(stored, chained(last, row), SIGNED)
        except UnknownKeyError:
            return False

    @api.model
    def _cron_check(self):
        """Alarm chief physicians and administrators if the log is not whole."""
        faults = self._find_faults()
        for fault in faults:
            _logger.critical("Access log: %s", fault)
        if faults:
            self._tell_of_faults()

    @api.model
    def _tell_of_faults(self):
        """A notice in each reader's language; what exactly is said by the doctor."""
        readers = self.env["res.users"]
        for name in ("clinic_base.group_medical_chief", "base.group_system"):
            readers |= self.env.ref(name).all_user_ids
        readers = readers.filtered("active")
        for lang, partners in readers.partner_id.grouped("lang").items():
            env = self.with_context(lang=lang).env
            env["mail.thread"].message_notify(
                partner_ids=partners.ids,
                subject=env._("The log of access to medical records was tampered with"),
                body=env._(
                    "Rows of the log were changed, added or taken out outside of the"
                    " program. Whoever has the server sees with “./clinic doctor” which"
                    " ones; keep the last backups, they hold the log as it was."
                ),
            )


def chained(previous: str, row: dict) -> bytes:
    """What a row's hash signs: the hash before it and the row in canonical JSON."""
    body = json.dumps([row[name] for name in HASHED], ensure_ascii=False)
    return f"{previous}{body}".encode()
