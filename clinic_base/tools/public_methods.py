"""Who may call a method of the suite from outside at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import ModuleType

from odoo.models import BaseModel
from odoo.modules.module import Manifest

# Odoo's own methods that our models refuse with a word of their own.
WRITING = frozenset({"write", "web_save", "unlink", "copy", "action_archive"})
WRITING |= {"search", "search_read", "search_count", "web_search_read", "search_fetch"}


def guard(*doors: ModuleType) -> None:
    """Let each module of ``doors`` call our methods only for who may read their model.

    Odoo's RPC looks a method up by ``get_public_method``, JSON-2 by a name of its own
    for it. The check comes before records and arguments are looked at, so that a caller
    without any right learns nothing from them. What a method needs beyond that, it
    checks itself.
    """
    for door in doors:
        find: Callable[[BaseModel, str], Callable] = door.get_public_method
        if not getattr(find, "clinic_guarded", False):
            door.get_public_method = _check_first(find)


def is_ours(model: BaseModel, name: str) -> bool:
    """Whether a module of the suite, and not Odoo, has invented method ``name``."""
    homes = [cls for cls in type(model).mro() if name in vars(cls)]
    parts = homes[-1].__module__.split(".") if homes else []
    if parts[:2] != ["odoo", "addons"] or hasattr(BaseModel, name):
        return False
    manifest = Manifest.for_addon(parts[2], display_warning=False)
    author = Manifest.for_addon("clinic_base")["author"]
    return bool(manifest) and manifest["author"] == author


def is_clinics(model: BaseModel) -> bool:
    """Whether rows of ``model`` are the clinic's: a kind of its own, and no dialog."""
    return model._name.startswith("clinic.") and not model._transient


def _check_first(find: Callable[[BaseModel, str], Callable]) -> Callable:
    @wraps(find)
    def find_for_caller(model: BaseModel, name: str) -> Callable:
        method = find(model, name)
        # Services without a table check their callers themselves; a mixin is refused,
        # for its methods are called on the models that have it.
        service = model._abstract and not type(model)._inherit_children
        # Sites book without reading anything; the methods that they may call check it.
        site = model.env.user.has_group("clinic_base.group_booking_api")
        own = is_ours(model, name) or (name in WRITING and is_clinics(model))
        if not service and not site and own:
            model.browse().check_access("read")
        return method

    find_for_caller.clinic_guarded = True  # type: ignore[attr-defined]
    return find_for_caller
