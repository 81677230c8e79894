from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ...fields import encrypted_fields, get_keyring
from ...tools import authority
from ...tools.keyring import key_id_of

ROTATION_BATCH = 500
NAMED_IN_LOG = 1000


class ClinicMedicalMixin(models.AbstractModel):
    """Base of every model that holds something medical.

    - Only users with a medical role reach it, whatever access rows say.
    - Under ``sudo()`` its rows, save the columns in ``_clinic_open_fields``, still only
      leave the database in a request of a medical login or in a ``medical_job``.
    - Encrypted fields (``clinic_base.fields``) hold what is narrative.
    - Every reading and writing goes to the access log.
    - Display names are neutral; the record has no chatter; nothing is deleted.
    """

    _name = "clinic.medical.mixin"
    _description = "Medical record"
    _inherit = ["clinic.archive.mixin"]

    _clinic_medical = True
    # What the desk knows of a visit anyway, so that code of its requests may follow
    # links and states under sudo. Extend it with columns that tell nothing medical.
    _clinic_open_fields = frozenset(
        {
            "id",
            "active",
            "create_uid",
            "create_date",
            "write_uid",
            "write_date",
            "company_id",
            "branch_id",
            "patient_id",
            "specialist_id",
            "appointment_id",
            "encounter_id",
            "state",
        }
    )

    # === NAMES === #

    def _compute_display_name(self):
        for record in self:
            record.display_name = record._get_neutral_name()

    def _get_neutral_name(self):
        """Name that tells nothing medical, for logs, links and errors."""
        model = self.env["ir.model"]._get(self._name).sudo()
        return f"{model.name} {self.id or ''}".strip()

    @api.model
    def _search_display_name(self, operator, value):
        """Found by number only: names tell nothing, and must not be an oracle."""
        values = [value] if isinstance(value, str) else value or []
        ids = [int(text) for text in values if str(text).isdecimal()]
        return Domain("id", "in", ids)

    # === WHO MAY === #

    def _check_access(self, operation):
        if self._is_closed():
            return self, self._make_medical_error
        return super()._check_access(operation)

    def _is_closed(self):
        return not self.env.su and not self.env.user._has_group(authority.MEDICAL)

    def _make_medical_error(self):
        self._note_access("refused")
        return AccessError(self.env._("Only medical staff can use the medical record."))

    def _check_open(self, field_names):
        """Raise AccessError if a closed column would leave for a non-medical login."""
        if self._clinic_open_fields.issuperset(field_names):
            return
        if not authority.may_read_rows(self.env):
            raise self._make_medical_error()

    def _fetch_field(self, field):
        """Read open columns alone where the rest is closed."""
        if authority.may_read_rows(self.env):
            return super()._fetch_field(field)
        self._check_open([field.name])
        return self.fetch(
            [name for name in self._clinic_open_fields if name in self._fields]
        )

    def _fetch_query(self, query, fields):
        names = {field.name for field in fields}
        self._check_open(names)
        patient = self._fields.get("patient_id")
        if patient and patient.store and patient not in fields:
            fields = [*fields, patient]
        records = super()._fetch_query(query, fields)
        if not self._clinic_open_fields.issuperset(names):
            records._note_access("read")
        return records

    @api.model
    def _search(self, domain, *args, **kwargs):
        domain = Domain(domain)
        conditions = list(domain.iter_conditions())
        # Reading looks its records up by number: the log names them if it is refused.
        named = self.browse(_named_ids(conditions))
        if self._is_closed() and not kwargs.get("bypass_access"):
            raise named._make_medical_error()
        named._check_open({_first_name(one.field_expr) for one in conditions})
        return super()._search(domain, *args, **kwargs)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        self._refuse_encrypted(field_name)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _read_group(self, domain, *args, **kwargs):
        """Log whose records were counted, the first thousand of them by number."""
        rows = super()._read_group(domain, *args, **kwargs)
        if rows:
            counted = self._search(domain, order="id", limit=NAMED_IN_LOG)
            self.browse(counted)._note_access("aggregate")
        return rows

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._refuse_encrypted(groupby_spec)
        self._check_open([_first_name(groupby_spec)])
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._refuse_encrypted(aggregate_spec)
        if aggregate_spec != "__count":
            self._check_open([_first_name(aggregate_spec)])
        return super()._read_group_select(aggregate_spec, query)

    def _refuse_encrypted(self, spec):
        field = self._fields.get(_first_name(spec))
        if field and getattr(field, "clinic_encrypted", False):
            raise field.refusal(self.env)

    # === WRITING === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if "patient_id" in self._fields:
            # The patient often follows from the protocol and is not computed yet.
            records.mapped("patient_id")
        records._note_access("create")
        return records

    def write(self, vals):
        result = super().write(vals)
        self._note_access("write")
        return result

    def _create(self, data_list):
        """Draw the ids first: the seals of encrypted fields are bound to them."""
        if encrypted_fields(self):
            self.env.cr.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
                " FROM generate_series(1, %s)",
                [self._table, len(data_list)],
            )
            for data, (record_id,) in zip(
                data_list, self.env.cr.fetchall(), strict=True
            ):
                data["stored"]["id"] = record_id
        return super()._create(data_list)

    # === LOG === #

    def _note_access(self, operation):
        """Log ``operation`` on ``self``: read, create, write, aggregate, refused."""
        ids = {id_ for id_ in self._ids if id_}
        if not ids:
            return
        self.env["clinic.access.log"]._note(
            self._name, operation, ids, self._get_patient_ids(ids)
        )

    @api.model
    def _get_patient_ids(self, ids):
        """Whose records ``ids`` are, also those that the user may not read."""
        field = self._fields.get("patient_id")
        if not (field and field.store):
            return set()
        cache = field._get_cache(self.env)
        patient_ids = {cache[id_] for id_ in ids if cache.get(id_)}
        if unknown := [id_ for id_ in ids if id_ not in cache]:
            # Sudo: for the log alone. A query of its own, for nothing is to be cached.
            records = self.sudo().with_context(active_test=False)
            query = records._search([("id", "in", unknown)])
            column = SQL.identifier(query.table, "patient_id")
            rows = self.env.execute_query(query.select(column))
            patient_ids.update(row[0] for row in rows if row[0])
        return patient_ids

    # === KEYS === #

    @api.model
    def _rotate_all_keys(self, commit):
        """Seal every medical model's values with the newest key, for the command line.

        The new key is noted in the database first, so that the old file is not taken
        for the right one any more. ``commit`` is called after each batch
        (``env.cr.commit``). Can be run again after a kill. Returns the number of values
        sealed anew; afterwards the older keys open backups alone, and verify what was
        signed with them.
        """
        total = 0
        self.env["clinic.key.seal"]._note_current()
        for model in self.env.values():
            if model._abstract or not encrypted_fields(model):
                continue
            after_id, more = 0, True
            while more:
                after_id, sealed = model._rotate_keys(after_id)
                total += sealed
                more = bool(after_id)
                commit()
        return total

    @api.model
    def _rotate_keys(self, after_id=0):
        """Seal up to a batch of rows with the newest key.

        Returns ``(last id looked at or 0 when done, values sealed anew)``; the caller
        commits and goes on from that id, so that a kill costs one batch.
        """
        fields = encrypted_fields(self)
        columns = ", ".join(f'"{field.name}"' for field in fields)
        # Names come from the model's own fields, never from outside.
        self.env.cr.execute(
            f'SELECT id, {columns} FROM "{self._table}" WHERE id > %s'  # pylint: disable=sql-injection
            " ORDER BY id LIMIT %s FOR UPDATE",
            [after_id, ROTATION_BATCH],
        )
        rows = self.env.cr.fetchall()
        sealed = sum(self._reseal(fields, row_id, values) for row_id, *values in rows)
        return (rows[-1][0] if len(rows) == ROTATION_BATCH else 0), sealed

    def _reseal(self, fields, row_id, values):
        """Seal one row's values with the newest key, without showing them to anyone."""
        keyring = get_keyring(self.env)
        record = self.browse(row_id)
        stale = [
            (field, field.open_sealed(bytes(value), record))
            for field, value in zip(fields, values, strict=True)
            if value is not None and key_id_of(bytes(value)) != keyring.current_id
        ]
        for field, plain in stale:
            identity = field._get_identity(record, row_id)
            self.env.cr.execute(
                f'UPDATE "{self._table}" SET "{field.name}" = %s WHERE id = %s',  # pylint: disable=sql-injection
                [keyring.seal(plain, identity), row_id],
            )
        return len(stale)


def _named_ids(conditions):
    """Record ids that conditions of a domain name one by one."""
    return [
        id_
        for one in conditions
        if one.field_expr == "id" and one.operator == "in"
        for id_ in one.value
        if isinstance(id_, int)
    ]


def _first_name(spec):
    """``patient_id`` of ``patient_id.name``, ``date:month`` or ``amount:sum``."""
    return spec.split(":")[0].split(".")[0]
