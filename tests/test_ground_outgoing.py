"""Whoever speaks to the outside does it through one place, which has all the limits."""

import ast
import importlib
import inspect

import pytest
from clinic_cli.layout import modules

DOOR = ("clinic_base", "tools", "outgoing.py")
SPEAKERS = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "imaplib",
    "paramiko",
    "poplib",
    "pycurl",
    "requests",
    "smtplib",
    "socket",
    "ssl",
    "suds",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "websocket",
    "websockets",
    "xmlrpc.client",
    "zeep",
}


def find_speakers(tree):
    """What ``tree`` imports that can open a connection; exceptions cannot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if is_speaker(a.name))
        elif isinstance(node, ast.ImportFrom) and not node.level:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                speaks = is_speaker(whole) or is_speaker(node.module)
                if speaks and not is_exception(node.module, alias.name):
                    yield whole
        elif isinstance(node, ast.Call) and "import" in getattr(
            node.func, "attr", getattr(node.func, "id", "")
        ):
            names = (getattr(arg, "value", None) for arg in node.args)
            yield from (n for n in names if isinstance(n, str) and is_speaker(n))


def is_speaker(name):
    return any(name == one or name.startswith(f"{one}.") for one in SPEAKERS)


def is_exception(module, name):
    found = getattr(importlib.import_module(module), name, None)
    return inspect.isclass(found) and issubclass(found, BaseException)


@pytest.mark.parametrize("name", modules())
def test_only_one_place_calls_other_sites(name):
    root = modules()[name].path
    found = {
        str(path.relative_to(root)): names
        for path in sorted(root.rglob("*.py"))
        if "tests" not in path.relative_to(root).parts
        and (name, *path.relative_to(root).parts) != DOOR
        and (names := sorted(find_speakers(ast.parse(path.read_text()))))
    }
    assert not found, f"{name} opens connections beside tools/outgoing.py: {found}"


@pytest.mark.parametrize(
    "code",
    [
        "import requests",
        "import urllib.request as u",
        "from urllib import request",
        "from urllib.request import urlopen",
        "from http import client",
        "import http.client",
        "from smtplib import SMTP",
        "__import__('requests')",
        "importlib.import_module('socket')",
        "def f():\n    from requests import get",
    ],
)
def test_the_look_finds_every_way_to_import(code):
    assert list(find_speakers(ast.parse(code)))


def test_addresses_and_exceptions_are_no_calls():
    code = "from urllib.parse import urlsplit\nfrom smtplib import SMTPException"
    assert not list(find_speakers(ast.parse(code)))
