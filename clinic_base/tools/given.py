"""What a caller from outside gives to be stored: never what the program alone writes.

A field that is ``readonly`` is computed, or written by actions that have a rule behind
them. Odoo shows it so and stores whatever is sent all the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import Any

from odoo import Command
from odoo.exceptions import AccessError
from odoo.fields import Field
from odoo.models import MAGIC_COLUMNS, BaseModel

from .arguments import is_of_suite

# Arguments of Odoo's own methods: dicts of values, lists of them, and names of fields.
VALUES = frozenset(
    {"vals", "vals_list", "values", "default", "custom_values", "update_vals"}
)
NAMES = frozenset({"field_name"})
# Where the rows that a list of commands makes or changes stand.
_MAKING = frozenset({Command.CREATE, Command.UPDATE})


def check_first(method: Callable) -> Callable:
    """``method`` of the ORM, which refuses values that are not its caller's to give.

    :raises AccessError: names the field, by its label in the caller's language
    """
    signature = inspect.signature(method)
    taken = (VALUES | NAMES) & signature.parameters.keys()
    if not taken:
        return method

    @wraps(method)
    def call(records: BaseModel, *args: Any, **kwargs: Any) -> Any:
        given = signature.bind(records, *args, **kwargs).arguments
        for argument in taken & given.keys():
            refuse(records, read(records, given[argument]))
        return method(records, *args, **kwargs)

    return call


def read(model: BaseModel, values: Any) -> Iterator[Field]:
    """Fields of ``model``, and of rows below it, that ``values`` are meant for.

    What cannot be understood is left to the ORM, which refuses it in words.
    """
    if isinstance(values, str):
        values = {values: None}
    if isinstance(values, dict):
        for name, value in values.items():
            field = model._fields.get(name) if isinstance(name, str) else None
            if field:
                yield field
                if field.type in ("one2many", "many2many"):
                    yield from _read_commands(model.env[field.comodel_name], value)
    elif isinstance(values, list | tuple):
        for one in values:
            yield from read(model, one)


def _read_commands(model: BaseModel, commands: Any) -> Iterator[Field]:
    for command in commands if isinstance(commands, list | tuple) else ():
        if isinstance(command, list | tuple) and len(command) > 2:
            if command[0] in _MAKING and isinstance(command[2], dict):
                yield from read(model, command[2])


def read_paths(model: BaseModel, paths: Iterable[str]) -> Iterator[Field]:
    """Fields that the columns of a file are meant for, as in ``phone_ids/number``."""
    for path in paths:
        below: BaseModel | None = model
        for name in str(path).split("/"):
            field = below._fields.get(name) if below is not None else None
            # Numbers and external ids only find a row.
            if field is None or name == "id":
                break
            yield field
            below = model.env[field.comodel_name] if field.comodel_name else None


def refuse(model: BaseModel, fields: Iterable[Field]) -> None:
    """:raises AccessError: if one of ``fields`` is the program's own"""
    for field in fields:
        if is_programs(model, field):
            raise AccessError(
                model.env._(
                    "“%(field)s” is not set by hand: it follows from other fields or"
                    " from an action.",
                    field=field._description_string(model.env),
                )
            )


def refuse_stored(fields: BaseModel | None) -> None:
    """The same for fields (``ir.model.fields``) that a record of the database writes.

    :raises AccessError: see :func:`refuse`
    """
    for field in fields or ():
        if field.model in field.env:
            model = field.env[field.model]
            refuse(model, filter(None, [model._fields.get(field.name)]))


def is_programs(model: BaseModel, field: Field) -> bool:
    """Whether the suite stores ``field`` and leaves nobody to write it by hand; also
    that of another record, which is written with one of ``model``."""
    while field.inherited:
        field = field.related_field
    return (
        field.store
        and field.readonly
        and field.name not in MAGIC_COLUMNS
        and not model.env[field.model_name]._transient
        and any(is_of_suite(f"odoo.addons.{name}") for name in field._modules)
    )


def without_defaults(records: BaseModel) -> BaseModel:
    """``records`` without defaults in the context for what is the program's own.

    They come along from the screen that one was on before; nobody has typed them.
    """
    context = records.env.context
    own = {
        key
        for key in context
        if key.startswith("default_")
        and (field := records._fields.get(key.removeprefix("default_")))
        and is_programs(records, field)
    }
    if not own:
        return records
    kept = {key: value for key, value in context.items() if key not in own}
    return records.with_env(records.env(context=kept))
