"""Encrypted fields: their columns hold sealed bytes, their keys live outside.

Use them on models that inherit ``clinic.medical.mixin``::

    from odoo.addons.clinic_base.fields import EncryptedHtml, EncryptedText

    complaint = EncryptedText()
    conclusion = EncryptedHtml()

Writing is always allowed. Reading raises AccessError unless the request's login is
medical or a ``medical_job`` runs: a placeholder would one day be saved over the text.
They cannot be searched, sorted, grouped by or exported, and are not copied.

The seal is bound to model, field and record id, so that a value moved to another row
does not open. The mixin draws the id before the INSERT for that.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from psycopg2 import Binary

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tools import config, json_default

from .tools import authority
from .tools.keyring import (
    Keyring,
    KeyringError,
    SealBrokenError,
    UnknownKeyError,
    load_keyring,
)


def key_file() -> Path:
    """Where the keys are: CLINIC_KEY_FILE, then odoo.conf, then the data directory."""
    named = os.environ.get("CLINIC_KEY_FILE") or config.get("clinic_key_file")
    return Path(named) if named else Path(config["data_dir"]) / "clinic.keys"


def get_keyring(env) -> Keyring:
    """The keys in use; raises UserError that says what is missing and where."""
    try:
        return load_keyring(key_file())
    except KeyringError as error:
        raise UserError(
            env._(
                "The key file of the medical record cannot be used, so its texts can"
                " neither be read nor saved now. Nothing is lost: put the file back"
                " and try again. (%(reason)s)",
                reason=error,
            )
        ) from error


class EncryptedMixin:
    """What the encrypted field types share; goes before the plain type."""

    _column_type = ("bytea", "bytea")
    copy = False
    exportable = False
    prefetch = "clinic_encrypted"
    clinic_encrypted = True

    _description_searchable = False
    _description_sortable = False
    _description_groupable = False

    def setup_nonrelated(self, model):
        result = super().setup_nonrelated(model)
        if not getattr(model, "_clinic_medical", False):
            raise TypeError(f"{self}: encrypted fields need clinic.medical.mixin")
        if self.translate or self.index or self.company_dependent:
            raise TypeError(f"{self}: not possible on an encrypted field")
        return result

    def setup_related(self, model):
        raise TypeError(f"{self}: an encrypted field cannot be related")

    def _convert_db_column(self, model, column):
        raise TypeError(f"{self}: a plain column is sealed by a migration, not a cast")

    # --- Between the cache (plain text or sealed bytes), the column and the reader

    def convert_to_column(self, value, record, values=None, validate=True):
        """Sealed bytes of ``value``; the id comes from ``record`` or ``values``."""
        plain = self._serialize(value, record, validate)
        if plain is None:
            return None
        identity = self._get_identity(record, record.id or (values or {}).get("id"))
        return Binary(get_keyring(record.env).seal(plain, identity))

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if is_sealed(value):
            return Binary(bytes(value))
        return self.convert_to_column(value, record, values, validate)

    def convert_to_record(self, value, record):
        if value is None:
            return super().convert_to_record(value, record)
        if not authority.may_read_text(record.env):
            raise AccessError(
                record.env._("Only medical staff can read the medical record.")
            )
        if is_sealed(value):
            value = self._deserialize(self.open_sealed(bytes(value), record))
        return super().convert_to_record(value, record)

    def open_sealed(self, sealed, record):
        """Plain bytes of ``sealed``; raises UserError if key or seal do not fit."""
        env = record.env
        try:
            return get_keyring(env).open(sealed, self._get_identity(record, record.id))
        except UnknownKeyError as error:
            raise UserError(
                env._(
                    "This text was sealed with key %(key)s, which the key file does"
                    " not hold. Nothing is lost: add the key and try again.",
                    key=error,
                )
            ) from error
        except SealBrokenError as error:
            raise UserError(
                env._(
                    "This text was changed or moved outside the program and is not"
                    " shown. Restore it from a backup."
                )
            ) from error

    def _get_identity(self, record, record_id):
        if not record_id:
            raise ValueError(f"{self}: no record id to bind the seal to")
        return f"{self.model_name}|{self.name}|{record_id}".encode()

    def _serialize(self, value, record, validate):
        # The plain type's cache value; the mixin's own cache may hold sealed bytes.
        text = super().convert_to_cache(  # pylint: disable=super-method-mismatch
            value, record, validate
        )
        return None if text is None else str(text).encode()

    def _deserialize(self, plain):
        return plain.decode()

    # --- No oracle

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        raise self.refusal(model.env)

    def filter_function(self, records, field_expr, operator, value):
        raise self.refusal(records.env)

    def refusal(self, env):
        """The error for whoever searches, sorts or groups by the field."""
        return UserError(
            env._(
                "“%(field)s” is encrypted: it cannot be searched, sorted or grouped"
                " by.",
                field=self._description_string(env),
            )
        )


class EncryptedText(EncryptedMixin, fields.Text):
    """Text that only medical logins read."""


class EncryptedHtml(EncryptedMixin, fields.Html):
    """Sanitised HTML that only medical logins read."""


class EncryptedJson(EncryptedMixin, fields.Json):
    """A JSON value that only medical logins read: answers, scores, drawings."""

    def _serialize(self, value, record, validate):
        if not value:
            return None
        return json.dumps(value, ensure_ascii=False, default=json_default).encode()

    def _deserialize(self, plain):
        return json.loads(plain)


def is_sealed(value):
    """Whether a cached value comes from the column as it is."""
    return isinstance(value, bytes | memoryview)


def encrypted_fields(model):
    """Encrypted fields of ``model``, a recordset or model class."""
    return [
        field
        for field in model._fields.values()
        if getattr(field, "clinic_encrypted", False)
    ]
