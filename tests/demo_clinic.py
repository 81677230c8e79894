"""The demonstration clinic as its people reach it, for tests in a browser."""

from __future__ import annotations

import requests
from clinic_cli.layout import LOCAL
from playwright.sync_api import Page

SHOTS = LOCAL / "screenshots"
RUSSIAN = {
    "locale": "ru-RU",
    "timezone_id": "Europe/Moscow",
    "viewport": {"width": 1366, "height": 850},
}


class RefusedError(Exception):
    """The server refused a call; the text is its whole answer."""


class Clinic:
    """The demonstration clinic, and what the journey learns on its way."""

    def __init__(self, server) -> None:
        self.server = server
        self.payment_url = ""
        self._sessions: dict[str, requests.Session] = {}

    def session(self, login: str) -> requests.Session:
        """A web session of ``login``, opened once."""
        if login not in self._sessions:
            self._sessions[login] = self._sign_in(login)
        return self._sessions[login]

    def _sign_in(self, login: str) -> requests.Session:
        """A new web session of ``login``, whose password is the login."""
        session = requests.Session()
        answer = session.post(
            f"{self.server.url}/web/session/authenticate",
            json={
                "params": {
                    "db": self.server.database,
                    "login": login,
                    "password": login,
                }
            },
            timeout=60,
        )
        assert answer.json()["result"]["uid"]
        return session

    def call(self, login: str, model: str, method: str, *args, **kwargs):
        """Call ``method`` as the web client of ``login`` does.

        :raises RefusedError: with all that the server answered
        """
        answer = self.session(login).post(
            f"{self.server.url}/web/dataset/call_kw",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
            timeout=120,
        )
        if "error" in answer.json():
            raise RefusedError(answer.text)
        return answer.json()["result"]

    def run_cron(self, xmlid: str) -> None:
        """Run a cron by hand, as the administrator may."""
        module, name = xmlid.split(".")
        [data] = self.call(
            "admin",
            "ir.model.data",
            "search_read",
            [("module", "=", module), ("name", "=", name)],
            ["res_id"],
        )
        self.call("admin", "ir.cron", "method_direct_trigger", [data["res_id"]])


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
