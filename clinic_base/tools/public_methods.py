"""Who may call a method of the suite from outside at all."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from types import ModuleType
from typing import Any, TypeVar

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.models import BaseModel

from . import given
from .arguments import answer_in_words, is_of_suite
from .readers_language import speaking

Method = TypeVar("Method", bound=Callable)

# What Odoo's own methods do with records; all that are not here read them. Where there
# are two rights, either is enough until the method knows which one it needs.
RIGHTS: dict[str, tuple[str, ...]] = {
    "create": ("create",),
    "name_create": ("create",),
    "copy": ("create",),
    "load": ("create", "write"),
    "web_save": ("create", "write"),
    "write": ("write",),
    "web_save_multi": ("write",),
    "web_resequence": ("write",),
    "action_archive": ("write",),
    "action_unarchive": ("write",),
    "toggle_active": ("write",),
    "copy_translations": ("write",),
    "update_field_translations": ("write",),
    "web_override_translations": ("write",),
    "unlink": ("unlink",),
}
# The answer is whether the caller has a right.
ASKING = frozenset({"has_access"})


def guard(*doors: ModuleType) -> None:
    """Let each module of ``doors`` call methods of ours only for who has the right.

    Odoo's RPC looks a method up by ``get_public_method``, JSON-2 by a name of its own
    for it. The check comes before records and arguments are looked at, missing ones
    included, so that a caller without any right learns nothing from them. What a
    method needs beyond that, it checks itself.
    """
    for door in doors:
        find: Callable[[BaseModel, str], Callable] = door.get_public_method
        if not getattr(find, "clinic_guarded", False):
            door.get_public_method = _check_first(find, _REFUSALS[door.__name__])


def open_to(group: str) -> Callable[[Method], Method]:
    """Mark a method that the logins of ``group`` may call without a right on its model.

    It checks everything itself, first of all who calls.
    """

    def mark(method: Method) -> Method:
        method.clinic_open_to = group  # type: ignore[attr-defined]
        return method

    return mark


def is_ours(model: BaseModel, name: str) -> bool:
    """Whether a module of the suite, and not Odoo, has invented method ``name``."""
    homes = [cls for cls in type(model).mro() if name in vars(cls)]
    if not homes or hasattr(BaseModel, name):
        return False
    return is_of_suite(homes[-1].__module__)


def is_clinics(model: BaseModel) -> bool:
    """Whether a module of the suite, and not Odoo, has invented ``model``."""
    return is_of_suite(f"odoo.addons.{model._original_module}")


def get_rights(model: BaseModel, name: str) -> tuple[str, ...]:
    """Rights on ``model``, one of which a caller of method ``name`` needs."""
    if is_ours(model, name):
        # Services without a table check their callers themselves; a mixin is refused,
        # for its methods are called on the models that have it.
        service = model._abstract and not type(model)._inherit_children
        return () if service else ("read",)
    if name in ASKING or not is_clinics(model):
        return ()
    return RIGHTS.get(name, ("read",))


def is_open(model: BaseModel, name: str) -> bool:
    """Whether the caller is one of those whom method ``name`` has been opened to."""
    methods = (vars(cls).get(name) for cls in type(model).mro())
    groups = {getattr(method, "clinic_open_to", None) for method in methods} - {None}
    return any(map(model.env.user.has_group, groups))


def _check_first(
    find: Callable[[BaseModel, str], Callable], refuse: Callable
) -> Callable:
    @wraps(find)
    def find_for_caller(model: BaseModel, name: str) -> Callable:
        with speaking(model.env):
            method = _find(find, model, name)
        rights = get_rights(model, name)
        none = model.browse()
        if rights and not any(map(none.has_access, rights)):
            if not is_open(model, name):
                if not getattr(model, "_clinic_medical", False):
                    none.check_access(rights[0])
                return refuse(method, rights[0])
        if is_ours(model, name):
            return _call_for(method)
        # Odoo's own models have fields of ours.
        method = given.check_first(method)
        in_words = is_clinics(model) or model._abstract or not model._auto
        return _call_for(answer_in_words(method) if in_words else method)

    find_for_caller.clinic_guarded = True  # type: ignore[attr-defined]
    return find_for_caller


def _refuse_records(method: Callable, right: str) -> Callable:
    """What a caller without ``right`` on medical records meets in place of ``method``.

    It takes whatever is sent, so that nothing is learned of the arguments; whose
    records were meant goes to the log.
    """

    def refuse(records: BaseModel, *args: Any, **kwargs: Any) -> None:
        _refuse(records, records._ids, right)

    refuse.__name__ = method.__name__
    return refuse


def _refuse_numbers(method: Callable, right: str) -> Callable:
    """As :func:`_refuse_records`, where numbers are the first argument, if any."""
    names_records = not hasattr(method, "_api_model")

    def refuse(model: BaseModel, *args: Any, **kwargs: Any) -> None:
        numbers = args[0] if args and names_records else ()
        _refuse(model, numbers if isinstance(numbers, list) else (numbers,), right)

    refuse.__name__ = method.__name__
    # So that RPC leaves the numbers where they are, or are not.
    refuse._api_model = True  # type: ignore[attr-defined]
    return refuse


def _refuse(model: BaseModel, numbers: Iterable[Any], right: str) -> None:
    with speaking(model.env):
        meant = [id_ for id_ in numbers if type(id_) is int and 0 < id_ < 2**31]
        model.browse(meant)._note_access("refused")
        model.browse().check_access(right)


_REFUSALS = {
    "odoo.service.model": _refuse_numbers,
    "odoo.addons.rpc.controllers.json2": _refuse_records,
}


def _find(
    find: Callable[[BaseModel, str], Callable], model: BaseModel, name: str
) -> Callable:
    try:
        return find(model, name)
    except AttributeError as error:
        # No method of that name, which may be a field's or no text.
        raise NotFound(_describe_mistake(model)) from error


def _call_for(method: Callable) -> Callable:
    """``method`` for records by their numbers, answering in the caller's language."""
    signature = inspect.signature(method)

    @wraps(method)
    def call(records: BaseModel, *args: Any, **kwargs: Any) -> Any:
        with speaking(records.env):
            if any(type(number) is not int for number in records._ids):
                raise UserError(_describe_mistake(records))
            try:
                signature.bind(records, *args, **kwargs)
            except TypeError as error:
                raise UserError(_describe_mistake(records)) from error
            return method(records, *args, **kwargs)

    return call


def _describe_mistake(model: BaseModel) -> str:
    return model.env._("The call was not understood. Check its arguments.")
