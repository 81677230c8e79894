"""The wall test: canaries in every field of every medical model, looked for in every
answer that somebody without a medical role can get.

It discovers models, fields, methods and routes in the running registry, so that what is
added tomorrow is tried without anyone remembering it. A module uses it so::

    class TestWall(WallMixin, HttpCase):
        def test_nothing_leaks(self):
            self.assertFalse(self.walk_the_wall().leaks)

        def get_wall_values(self, model):  # only where a record needs more than its
            ...                            # required fields to be made
"""

from __future__ import annotations

import inspect
import json
import logging
import re
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, mute_logger

from ...fields import encrypted_fields
from ...tools.authority import medical_job
from ..common import NON_MEDICAL_ROLES, make_role_user

WALL_ROLES = ("plain", "system", *NON_MEDICAL_ROLES, "portal", "public")
# Roles that also try with a key, as other programs do.
KEY_ROLES = ("registrar", "booking_api")
# Roles whose browsers try every page; the others are tried on what names a record.
PAGE_ROLES = ("registrar", "system", "public")
CANARY = "Канарейка"
# Nothing holds this one: a search that finds as much by it tells nothing.
CONTROL = "Кенарейка"
TEXT_TYPES = ("char", "text", "html", "json")
# The newest of each model: those that the canaries were written with.
RECORDS_READ = 10
PASSWORD = "wall_password"
# Pages that end the session, leave the machine or rebuild assets.
PAGES_LEFT_OUT = re.compile(
    r"logout|/web/database|session/destroy|/web/assets|/websocket|/oauth|signin|become"
    r"|/web/tests|/im_livechat|/hw_|neutralize|iap|/payment/|kpi|/bus/"
    r"|/google_gmail|/microsoft_outlook"
)


# Pages that are asked for what they do not have complain.
NOISY = (
    "odoo.http",
    "odoo.addons.base.models.ir_http",
    "odoo.addons.base.models.ir_qweb",
    "werkzeug",
)


@dataclass
class WallReport:
    """What was tried, and every canary that came out: ``(entrance, role, where)``."""

    models: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    routes: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    leaks: list[tuple[str, str, str]] = field(default_factory=list)

    def leak(self, entrance: str, role: str, where: str) -> None:
        self.leaks.append((entrance, role, where))


class WallMixin:
    """Mix into an HttpCase that runs after installation."""

    wall_roles = WALL_ROLES
    wall_page_roles = PAGE_ROLES
    wall_key_roles = KEY_ROLES

    def get_wall_values(self, model):
        """More values for a record of ``model``, where its required fields are not
        enough."""
        return {}

    def make_wall_record(self, model, values):
        """A record of ``model`` with ``values``; extended where that is not enough."""
        return model.sudo().create(values)

    def walk_the_wall(self) -> WallReport:
        """Make one record of each medical model and try every entrance."""
        # A website's routing looks its database up by the thread, as in the server.
        thread = threading.current_thread()
        self.startPatcher(
            patch.object(thread, "dbname", self.env.cr.dbname, create=True)
        )
        self.report = WallReport(roles=set(self.wall_roles))
        self._canaries = count(1)
        self._wall_seen = {}
        self._broken = set()
        self.wall_users = {
            role: self.env.ref("base.public_user")
            if role == "public"
            else make_role_user(self.env, role, login=f"wall_{role}", password=PASSWORD)
            for role in self.wall_roles
        }
        self._with_logs(self._make_records)
        self._check_links()
        self._check_tables()
        for role in self.wall_roles:
            self._with_logs(self._try_orm, role)
            self._with_logs(self._try_methods, role)
        self._with_logs(self._try_routes)
        for role in self.wall_key_roles:
            self._with_logs(self._try_key, role)
        return self.report

    # === CANARIES === #

    # Modules whose medical models are tried; empty: all that the database has.
    wall_modules = ()

    def get_medical_models(self):
        return [
            model
            for model in self.env.values()
            if getattr(model, "_clinic_medical", False)
            and not model._abstract
            and (not self.wall_modules or model._original_module in self.wall_modules)
        ]

    def _make_records(self):
        self.wall_records = []
        self.wall_patient = self.env["clinic.patient"].create({"name": "Стенова Анна"})
        with medical_job("wall test"):
            for model in self.get_medical_models():
                self.report.models.add(model._name)
                if not model._auto:
                    # A view shows the rows of others; every role tries it all the same.
                    continue
                record = self._make_record(model)
                # Written again: what is copied on writing shows too. Some records
                # stay as they were first written.
                with suppress(UserError):
                    record.write(
                        {
                            f.name: self._make_canary(f)
                            for f in self._get_canary_fields(model)
                        }
                    )
                self.wall_records.append(record)
        self.env.flush_all()
        self.env.invalidate_all()

    def _make_record(self, model):
        if model._name in self._wall_seen:
            return self._wall_seen[model._name]
        # What a record needs beside it may be seen by everybody and gets no canary.
        medical = getattr(model, "_clinic_medical", False)
        canary_fields = self._get_canary_fields(model) if medical else ()
        values = {f.name: self._make_canary(f) for f in canary_fields}
        for name, model_field in model._fields.items():
            if name == "patient_id":
                values[name] = self.wall_patient.id
            elif model_field.required and name not in values:
                values |= self._get_required(model, model_field)
        record = self.make_wall_record(model, {**values, **self.get_wall_values(model)})
        self._wall_seen[model._name] = record
        return record

    def _get_canary_fields(self, model):
        return [
            f
            for f in model._fields.values()
            if f.type in TEXT_TYPES
            and f.store
            and not (f.compute or f.related or f.name in ("archive_reason", "state"))
        ]

    def _make_canary(self, model_field):
        self.report.fields.add(str(model_field))
        canary = f"{CANARY}{next(self._canaries)}"
        return {"canary": canary} if model_field.type == "json" else canary

    def _get_required(self, model, model_field):
        """A value for a required field that has no default."""
        if model.default_get([model_field.name]) or model_field.compute:
            return {}
        if model_field.type == "many2one":
            comodel = self.env[model_field.comodel_name].sudo()
            record = comodel.search([], limit=1) or self._make_record(comodel)
            return {model_field.name: record.id}
        if model_field.type == "selection":
            return {model_field.name: model_field.get_values(self.env)[0]}
        simple = {"date": "2026-01-01", "datetime": "2026-01-01 10:00:00"}
        return {model_field.name: simple.get(model_field.type, 1)}

    def _scan(self, entrance, role, where, answer):
        """A leak if a canary stands in ``answer``, whatever it is."""
        if CANARY in (answer if isinstance(answer, str) else repr(answer)):
            self.report.leak(entrance, role, where)

    def _with_logs(self, function, *args):
        """Run ``function``; what it says in the server's log is an answer as well."""
        lines = []

        class Keep(logging.Handler):
            def emit(self, record):
                lines.append(record.getMessage())

        handler, root = Keep(), logging.getLogger()
        # A test runner may have silenced what a server writes.
        loggers = [root, logging.getLogger("odoo")]
        levels = [logger.level for logger in loggers]
        root.addHandler(handler)
        for logger in loggers:
            logger.setLevel(logging.INFO)
        try:
            function(*args)
        finally:
            root.removeHandler(handler)
            for logger, level in zip(loggers, levels):
                logger.setLevel(level)
        for line in lines:
            self._scan("log", "server", line[:80], line)

    # === WITHOUT A USER === #

    def _check_links(self):
        """No field of another model leads to a medical one, or is computed from one."""
        medical = {model._name for model in self.get_medical_models()}
        for model in self.env.values():
            if model._abstract or model._name in medical:
                continue
            for name, model_field in model._fields.items():
                self.report.fields.add(str(model_field))
                if model_field.comodel_name in medical:
                    self.report.leak("link", "any", f"{model._name}.{name}")
                for path in self.registry.field_depends.get(model_field, ()):
                    if self._passes(model, path, medical):
                        self.report.leak("computed", "any", f"{model._name}.{name}")

    def _passes(self, model, path, medical):
        for name in path.split("."):
            model_field = model._fields.get(name)
            if model_field is None or not model_field.comodel_name:
                return False
            if model_field.comodel_name in medical:
                return True
            model = self.env[model_field.comodel_name]
        return False

    def _check_tables(self):
        """No other table holds a copy; encrypted columns hold no clear text."""
        medical = {model._table: model for model in self.get_medical_models()}
        self.env.cr.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        for (table,) in self.env.cr.fetchall():
            if table not in medical:
                self._check_table(table)
        for table, model in medical.items():
            for encrypted in encrypted_fields(model):
                self.env.cr.execute(
                    SQL(
                        "SELECT 1 FROM %s WHERE position(%s::bytea IN %s) > 0 LIMIT 1",
                        SQL.identifier(table),
                        CANARY.encode(),
                        SQL.identifier(encrypted.name),
                    )
                )
                if self.env.cr.fetchone():
                    self.report.leak("column", "database", str(encrypted))

    def _check_table(self, table):
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM %s t WHERE t::text LIKE %s LIMIT 1",
                SQL.identifier(table),
                f"%{CANARY}%",
            )
        )
        if self.env.cr.fetchone():
            self.report.leak("copy", "database", table)

    # === AS A USER === #

    def _try_orm(self, role):
        user = self.wall_users[role]
        for model in self.env(user=user.id).values():
            if model._abstract or model._transient:
                continue
            self.report.models.add(model._name)
            with mute_logger("odoo.sql_db", "odoo.models", "odoo.fields"):
                self._try_model(role, model)
        for record in self.wall_records:
            self._try_record(role, record.with_user(user))

    def _try_model(self, role, model):
        """All that the role reads of a model, and whether it tells about a canary."""
        if not model.has_access("read"):
            return
        readable = [
            name
            for name, f in model._fields.items()
            if model._has_field_access(f, "read") and f.type != "binary"
        ]
        records = self._call(model.search, [], limit=RECORDS_READ, order="id desc")
        if records is None:
            return
        readable = [
            name for name in readable if (model._name, name) not in self._broken
        ]
        answer = self._call(records.read, readable)
        if answer is None:
            answer = [self._read_field(records, name) for name in readable]
        self._scan("read", role, model._name, answer)
        self._try_oracle(role, model, readable)

    def _read_field(self, records, name):
        """One field apart; one that breaks whoever reads it is not read again."""
        answer = self._call(records.read, [name])
        if answer is None:
            self._broken.add((records._name, name))
        return answer

    def _try_oracle(self, role, model, readable):
        """A search that finds something by a canary tells as much as a reading."""
        texts = [
            name
            for name in readable
            if model._fields[name].type in ("char", "text", "html")
            and model._fields[name]._description_searchable
        ]
        if not texts:
            return
        found = self._count_by(CANARY, model, texts)
        # An error that repeats the question tells nothing either.
        if not found or not isinstance(found, int):
            return
        if found != self._count_by(CONTROL, model, texts):
            self.report.leak("search", role, model._name)

    def _count_by(self, word, model, names):
        domain = Domain.OR(Domain(name, "ilike", word) for name in names)
        return self._call(model.search_count, domain)

    def _try_record(self, role, record):
        """Every reading of a medical record that there is."""
        model, name = record.browse(), record._name
        texts = [f.name for f in self._get_canary_fields(model)]
        for entrance, call in (
            ("read", lambda: record.read()),
            ("web_read", lambda: record.web_read(dict.fromkeys(texts, {}))),
            ("search_read", lambda: model.search_read([], texts)),
            (
                "web_search_read",
                lambda: model.web_search_read([], dict.fromkeys(texts, {})),
            ),
            ("export", lambda: record.export_data(texts)),
            ("group", lambda: model.formatted_read_group([], texts[:1], ["__count"])),
            ("name_search", lambda: model.name_search(CANARY)),
            ("copy", lambda: record.copy_data()),
            ("onchange", lambda: record.onchange({}, [], dict.fromkeys(texts, {}))),
        ):
            self._scan(entrance, role, name, self._call(call))
        self._scan("name", role, name, self._call(lambda: record.sudo().display_name))
        for text in texts:
            found = self._call(model.search_count, [(text, "ilike", CANARY)])
            if found:
                self.report.leak("search", role, f"{name}.{text}")

    def _try_methods(self, role):
        """Public methods of the suite without arguments, as a client calls them."""
        user = self.wall_users[role]
        known = {record._name: record for record in self.wall_records}
        known["clinic.patient"] = self.wall_patient
        for name, record in known.items():
            for method in self._get_public_methods(record):
                answer = self._call(getattr(record.with_user(user), method))
                self._scan("method", role, f"{name}.{method}", answer)

    def _get_public_methods(self, record):
        found = []
        for name, function in inspect.getmembers(type(record), inspect.isfunction):
            if name.startswith("_") or getattr(function, "_api_private", False):
                continue
            if not function.__module__.startswith("odoo.addons.clinic_"):
                continue
            parameters = list(inspect.signature(function).parameters.values())[1:]
            if all(p.default is not p.empty or p.kind in (2, 4) for p in parameters):
                found.append(name)
        return found

    def _call(self, function, *args, **kwargs):
        """The answer, or the text of the error, of a call that changes nothing."""
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  whatever it says may be a leak
            return str(error) if CANARY in str(error) else None
        finally:
            savepoint.close(rollback=True)
            self.env.transaction.clear()

    # === OVER HTTP === #

    def _try_routes(self):
        pages = self._get_pages()
        for role in self.wall_roles:
            user = None if role == "public" else self.wall_users[role].login
            if role == "booking_api":
                continue  # has a key, no session
            self.authenticate(user, PASSWORD if user else None)
            tried = self._get_record_urls()
            if role in self.wall_page_roles:
                tried += pages
            for url in tried:
                self._try_url(role, url)

    def _try_key(self, role):
        """JSON-2 with a key: no session, no page, arguments by name."""
        # Sudo: a key may be given for longer than a role may give itself.
        keys = self.env["res.users.apikeys"].with_user(self.wall_users[role]).sudo()
        key = keys._generate("rpc", "wall", None)
        alive = self._post(key, "res.users", "context_get", {})
        if alive.status_code != 200:
            self.report.leak("key", role, "opens nothing, so that it proves nothing")
        for record in self.wall_records:
            for method, arguments in self._get_key_calls(record):
                where = f"{record._name}.{method}"
                response = self._post(key, record._name, method, arguments)
                self._scan("key", role, where, response.text)
                if response.ok and method == "search_count" and response.json():
                    self.report.leak("key", role, where)

    def _get_key_calls(self, record):
        texts = [f.name for f in self._get_canary_fields(record)]
        ids, some = record.ids, texts[:1]
        yield "read", {"ids": ids, "fields": texts}
        yield "web_read", {"ids": ids, "specification": dict.fromkeys(texts, {})}
        yield "export_data", {"ids": ids, "fields_to_export": texts}
        yield "search_read", {"domain": [], "fields": texts}
        yield "formatted_read_group", {"domain": [], "groupby": some}
        yield "name_search", {"name": str(record.id)}
        yield "fields_get", {}
        for name in some:
            yield "search_count", {"domain": [[name, "ilike", CANARY]]}

    def _post(self, key, model, method, arguments):
        with mute_logger(*NOISY):
            return self.url_open(
                f"/json/2/{model}/{method}",
                data=json.dumps(arguments),
                headers={
                    "Authorization": f"bearer {key}",
                    "Content-Type": "application/json",
                },
                timeout=60,
            )

    def _get_record_urls(self):
        urls = []
        for record in self.wall_records:
            name, record_id = record._name, record.id
            urls += [
                f"/odoo/{name}/{record_id}",
                f"/mail/view?model={name}&res_id={record_id}",
            ]
            urls += [
                f"/web/{kind}/{name}/{record_id}/{f.name}"
                for f in self._get_canary_fields(record)
                for kind in ("content", "image")
            ]
            reports = self.env["ir.actions.report"].search([("model", "=", name)])
            urls += [f"/report/html/{r.report_name}/{record_id}" for r in reports]
        return urls

    def _get_pages(self):
        """Every page that GET opens, its numbers filled with a record's."""
        number = str(self.wall_records[0].id if self.wall_records else 1)
        pages = set()
        for rule in self.env["ir.http"].routing_map().iter_rules():
            if "GET" not in (rule.methods or {"GET"}) or PAGES_LEFT_OUT.search(
                rule.rule
            ):
                continue
            if rule.endpoint.routing["type"] != "http":
                continue
            pages.add(re.sub(r"<[^>]*>", number, rule.rule))
        return sorted(pages)

    def _try_url(self, role, url):
        self.report.routes.add(url)
        with mute_logger(*NOISY):
            try:
                response = self.url_open(url, timeout=60, allow_redirects=False)
            except Exception as error:  # noqa: BLE001  a page that breaks tells nothing
                return self._scan("route", role, url, str(error))
        body = response.text + json.dumps(dict(response.headers))
        return self._scan("route", role, url, body)
