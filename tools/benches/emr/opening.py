"""E1 and E3: what opening a protocol costs, and what part of it the log is."""

from __future__ import annotations

import json
import statistics
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from clinic_cli import odoo
from clinic_cli.benching import Context
from clinic_cli.layout import ADDONS
from lxml import etree
from worlds import PASSWORD

from ..schedule.measuring import count_statements, median, result
from .record import EARLIER, FEW, LOGIN, Record

REPEATS = 40
ROUNDS = 3


def measure(record: Record) -> dict[str, Any]:
    """E1, as the form of the web client reads it."""
    encounters = record.as_specialist()["clinic.encounter"]
    form = get_specification(encounters)

    def open_after(count: int) -> Any:
        encounters.env.invalidate_all()
        return encounters.browse(record.visits[count]).web_read(form)

    milliseconds = median(lambda: open_after(EARLIER))
    many = count_statements(encounters.env, lambda: open_after(EARLIER))
    few = count_statements(encounters.env, lambda: open_after(FEW))
    record.env.cr.rollback()
    return result(
        "E1",
        f"opening an encounter of a patient with {EARLIER} earlier visits",
        milliseconds,
        "ms",
        "< 300, constant queries",
        milliseconds < 300 and many <= few,
        f"web_read of all {len(form)} fields of the form as the specialist:"
        f" {many} statements with {EARLIER} earlier visits, {few} with {FEW}",
    )


def get_specification(model: Any) -> dict[str, Any]:
    """What the web client asks for when it opens the form of ``model``."""
    views = model.get_views([(False, "form")])
    arch = etree.fromstring(views["views"]["form"]["arch"])
    return _read_fields(model, arch)


def _read_fields(model: Any, node: Any) -> dict[str, Any]:
    specification: dict[str, Any] = {}
    for child in node:
        if child.tag != "field":
            specification |= _read_fields(model, child)
            continue
        field = model._fields[child.get("name")]
        if field.type == "many2one":
            specification[field.name] = {"fields": {"display_name": {}}}
        elif field.type in ("one2many", "many2many") and len(child):
            inner = _read_fields(model.env[field.comodel_name], child[0])
            specification[field.name] = {"fields": inner, "limit": 40}
        else:
            specification[field.name] = {}
    return specification


def measure_log(context: Context, database: str, record: Record) -> dict[str, Any]:
    """E3: the same request to two servers in turn, of which one keeps no log."""
    form = get_specification(record.as_specialist()["clinic.encounter"])
    paths = f"--addons-path={ADDONS},{Path(__file__).parent}"
    without = (paths, "--load=base,web,without_log")
    times: dict[bool, list[float]] = {True: [], False: []}
    for _round in range(ROUNDS):
        for logged in (True, False):
            log = context.logs / "bench-emr.log"
            arguments = () if logged else without
            with odoo.OdooServer(database, None, *arguments, log=log) as server:
                server.wait_until_ready()
                times[logged] += _open_over_http(server.url, record, form)
    on, off = (statistics.median(times[logged]) * 1000 for logged in (True, False))
    cost = (on / off - 1) * 100
    record.env.cr.rollback()
    record.env.cr.execute("SELECT count(*) FROM clinic_access_log")
    [written] = record.env.cr.fetchone()
    return result(
        "E3",
        "cost of the access log on opening an encounter over HTTP",
        cost,
        "%",
        "< 10",
        cost < 10,
        f"medians of {ROUNDS * REPEATS} requests: {on:.1f} ms with the log written,"
        f" {off:.1f} ms without; {written} rows of the log",
    )


def _open_over_http(url: str, record: Record, form: dict[str, Any]) -> list[float]:
    """Seconds of each request, after one that fills the caches."""
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(CookieJar())
    )

    def post(path: str, params: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            url + path,
            json.dumps({"jsonrpc": "2.0", "params": params}).encode(),
            {"Content-Type": "application/json"},
        )
        with opener.open(request, timeout=60) as answer:
            body = json.load(answer)
        assert "error" not in body, body["error"]["data"]["message"]
        return body["result"]

    rights = {"db": record.env.cr.dbname, "login": LOGIN, "password": PASSWORD}
    post("/web/session/authenticate", rights)
    call = {
        "model": "clinic.encounter",
        "method": "web_read",
        "args": [[record.visits[EARLIER]]],
        "kwargs": {"specification": form},
    }
    times = []
    for number in range(REPEATS + 1):
        started = time.perf_counter()
        post("/web/dataset/call_kw/clinic.encounter/web_read", call)
        if number:
            times.append(time.perf_counter() - started)
    return times
