"""The world in which the parts of the demonstration play."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from ..clock import Clock

_logger = logging.getLogger("clinic_demo")

SEED = 2026
SEPARATOR = "|"


class Scale(NamedTuple):
    """How much of the world there is; less of it in tests."""

    days_back: int = 42
    days_ahead: int = 28
    patients: int = 1000
    fullness: float = 1.0  # of what else would be booked

    def dump(self) -> str:
        return ",".join(map(str, self))

    @classmethod
    def load(cls, text: str) -> Scale:
        *whole, fullness = text.split(",")
        return cls(*map(int, whole), float(fullness))


class Span(NamedTuple):
    """A stretch of time that is lived through, naive UTC; a day at most."""

    start: datetime
    stop: datetime
    is_last: bool  # its end is the present


class World:
    """Language, seed, size and clock; everything else is found in the database.

    :param env: of the superuser
    :param lang: code of the language in which everything is written
    :param now: naive UTC; the present by default
    """

    def __init__(
        self,
        env: Any,
        lang: str,
        scale: Scale,
        now: datetime | None = None,
        seed: int = SEED,
    ) -> None:
        self.lang = lang
        self.scale = scale
        self.seed = seed
        self.env = env(
            context={
                **env.context,
                "lang": lang,
                "tracking_disable": True,
                "mail_create_nolog": True,
                "mail_create_nosubscribe": True,
                "mail_notrack": True,
                "no_reset_password": True,
            }
        )
        self.clock = Clock(self.env, now)
        self.now = self.clock.now
        self.at = self.clock.at

        self._known: dict[str, Any] = {}

    def remember(self, name: str, find: Callable[[World], Any]) -> Any:
        """What ``find`` finds, looked for once in each run."""
        if name not in self._known:
            self._known[name] = find(self)
        return self._known[name]

    # === WORDS === #

    def say(self, words: Any) -> Any:
        """``words`` in the language of the world.

        :param words: "Russian|English", or anything without two languages as it is
        """
        if isinstance(words, str) and SEPARATOR in words:
            russian, english = words.split(SEPARATOR, 1)
            return russian if self.lang == "ru_RU" else english
        return words

    def create(self, model: str, vals_list: list[dict[str, Any]], **context) -> Any:
        """Records of ``model``; "Russian|English" texts are kept in both languages
        where the field can be translated, else in that of the world."""
        records = self.env[model].with_context(**context)
        translated = {
            name for name, field in records._fields.items() if field.translate
        }
        made = records.with_context(lang="en_US").create(
            [
                {
                    name: _english(value) if name in translated else self.say(value)
                    for name, value in vals.items()
                }
                for vals in vals_list
            ]
        )
        for record, vals in zip(made, vals_list, strict=True):
            russian = {
                name: value.split(SEPARATOR, 1)[0]
                for name, value in vals.items()
                if name in translated and isinstance(value, str) and SEPARATOR in value
            }
            if russian:
                record.with_context(lang="ru_RU").write(russian)
        return made.with_env(records.env)

    # === CHANCE === #

    def random(self, *names: Any) -> Random:
        """Chance that is the same in every world of the same seed, by its names."""
        return Random("/".join(map(str, (self.seed, *names))))

    # === PEOPLE === #

    def user(self, login: str) -> Any:
        """The user of ``login``."""
        return self.env["res.users"].search([("login", "=", login)])

    def of(self, login: str, model: str) -> Any:
        """``model`` with the rights of ``login`` alone."""
        user = self.user(login)
        return self.env(user=user.id, su=False)[model].with_context(
            allowed_company_ids=user.company_ids.ids, tz=user.tz
        )

    def introduce(self, login: str, who: str, hint: str) -> None:
        """Name ``login`` on the page where one signs in; the password is the login.

        :param who: role, :param hint: what to try; both "Russian|English"
        """
        self.create("clinic.demo.login", [{"login": login, "name": who, "hint": hint}])

    # === PROGRESS === #

    def tell(self, text: str, *args: Any) -> None:
        """Show what is being done."""
        _logger.info("Demonstration: " + text, *args)


def _english(value: Any) -> Any:
    if isinstance(value, str) and SEPARATOR in value:
        return value.split(SEPARATOR, 1)[1]
    return value
