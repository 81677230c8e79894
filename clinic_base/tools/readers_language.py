"""The language in which whoever calls from outside is answered."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from odoo.api import Environment
from odoo.tools.translate import LazyGettext, get_translated_module, get_translation

_reader: ContextVar[str | None] = ContextVar("clinic_readers_language", default=None)


@contextmanager
def speaking(env: Environment) -> Iterator[None]:
    """Texts of a call whose context names no language are in the user's meanwhile.

    Texts alone: which translation of a field is read and written stays as it was. The
    language comes from a cache, so that no call costs a statement more.
    """
    token = _reader.set(env["res.users"].context_get().get("lang"))
    try:
        yield
    finally:
        _reader.reset(token)


def guard(environment: type[Environment]) -> None:
    """Let ``env._`` fall back on the caller's language instead of English.

    The web client names its language in each call, other programs mostly do not.
    """
    say = environment._
    if getattr(say, "clinic_guarded", False):
        return

    @wraps(say)
    def say_to_reader(
        env: Environment, source: str | LazyGettext, *args: Any, **kwargs: Any
    ) -> str:
        lang = env.lang or _reader.get() or "en_US"
        if isinstance(source, LazyGettext):
            return source._translate(lang)
        module = get_translated_module(sys._getframe(1))
        return get_translation(module, lang, source, args or kwargs)

    say_to_reader.clinic_guarded = True  # type: ignore[attr-defined]
    environment._ = say_to_reader  # type: ignore[method-assign]


def guard_labels(*describing: tuple[type, str]) -> None:
    """Let names of fields and of their choices, which stand inside of such texts, be in
    the same language.

    :param describing: classes of fields, each with its method that takes an environment
    """
    for cls, name in describing:
        describe = getattr(cls, name)
        if not getattr(describe, "clinic_guarded", False):
            setattr(cls, name, _for_reader(describe))


def _for_reader(describe: Callable) -> Callable:
    @wraps(describe)
    def describe_for_reader(field: Any, env: Environment) -> Any:
        if not env.lang and (lang := _reader.get()):
            env = env(context={**env.context, "lang": lang})
        return describe(field, env)

    describe_for_reader.clinic_guarded = True  # type: ignore[attr-defined]
    return describe_for_reader
