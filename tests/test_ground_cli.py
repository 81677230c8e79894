"""The command line: what it says and how it ends when something is wrong."""

import os
import socket
import subprocess

import pytest
from clinic_cli import apt_sources, process
from clinic_cli.errors import ClinicError, ExitCode, from_os_error
from clinic_cli.layout import ROOT
from clinic_cli.main import COMMANDS
from clinic_cli.odoo import check_port
from clinic_cli.stamps import Stamp, digest


def clinic(*arguments, **options):
    return subprocess.run(
        [ROOT / "clinic", *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        **options,
    )


def test_unknown_command_tells_the_usage():
    result = clinic("frobnicate")
    assert result.returncode == ExitCode.USAGE
    assert "unknown command: frobnicate" in result.stderr
    assert "usage: ./clinic COMMAND" in result.stderr


def test_no_command_tells_the_usage():
    assert clinic().returncode == ExitCode.USAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    result = clinic(name, "--help")
    assert result.returncode == ExitCode.OK
    assert f"./clinic {name}" in result.stdout
    assert f"  {name}" in clinic("--help").stdout


def test_unknown_option_is_refused():
    assert clinic("run", "--frobnicate").returncode == ExitCode.USAGE


def test_wrong_odoo_is_refused(tmp_path):
    result = clinic("doctor", "--odoo", str(tmp_path))
    assert result.returncode == ExitCode.USAGE
    assert "no Odoo" in result.stderr
    assert "cure:" in result.stderr


def test_old_python_is_refused_in_words():
    program = (
        "import sys, runpy; sys.version_info = (3, 9, 2);"
        f"runpy.run_path({str(ROOT / 'clinic')!r}, run_name='__main__')"
    )
    result = subprocess.run(
        ["python3", "-c", program], capture_output=True, text=True, check=False
    )
    assert result.returncode == ExitCode.PYTHON
    assert "3.10 to 3.13" in result.stderr


def test_missing_python_that_cannot_be_installed_is_named(tmp_path):
    for name, text in {"id": "echo 0", "apt-get": "exit 100"}.items():
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)
    result = clinic("doctor", env={"PATH": str(tmp_path)})
    assert result.returncode == ExitCode.SYSTEM
    assert "Python 3 is missing" in result.stderr
    assert "cure:" in result.stderr


def test_restore_of_something_else_is_refused(tmp_path):
    (tmp_path / "x.tar.gz").write_text("no archive")
    result = clinic("restore", str(tmp_path / "x.tar.gz"), "--database", "never_made")
    assert result.returncode == ExitCode.STATE
    assert "no whole backup" in result.stderr


def test_taken_port_is_named():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(ClinicError) as caught:
            check_port(listener.getsockname()[1])
    assert caught.value.code == ExitCode.PORT


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("E: Temporary failure resolving 'archive'", ExitCode.NETWORK),
        ("npm error code ENOTFOUND", ExitCode.NETWORK),
        ("SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')", ExitCode.NETWORK),
        ("dpkg: cannot write: No space left on device", ExitCode.DISK),
        ("something else", ExitCode.FAILED),
    ],
)
def test_failures_of_programs_are_told_apart(output, code):
    assert process.explain("Step", "cure", output).code == code


@pytest.mark.parametrize(
    ("number", "code"),
    [(28, ExitCode.DISK), (13, ExitCode.RIGHTS), (98, ExitCode.PORT)],
)
def test_refusals_of_the_system_are_told_apart(number, code):
    assert from_os_error(OSError(number, os.strerror(number), "f")).code == code


def test_stamp_matches_only_its_own_inputs(tmp_path):
    stamp = Stamp(tmp_path / "stamp")
    assert not stamp.matches(digest("a", "b"))
    stamp.write(digest("a", "b"))
    assert stamp.matches(digest("a", "b"))
    assert not stamp.matches(digest("ab"))


DEB822 = """\
Types: deb
URIs: http://third.example/debian
Suites: bookworm
Components: main
Signed-By: /etc/apt/keyrings/third.gpg

# the archive
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
  contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://commented.example/debian trixie main
deb-src http://mirror.example/debian trixie main
deb http://security.example/debian-security trixie-security main
deb [arch=amd64 signed-by=/etc/apt/keyrings/x.gpg] http://x.example/debian trixie main
deb http://mirror.example/debian trixie main contrib # the archive
deb http://y.example/apt stable main
"""


def etc_apt(tmp_path, name, text):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("sources.list.d/debian.sources", DEB822),
        ("sources.list", ONE_LINE),
        ("sources.list.d/old.list", ONE_LINE),
    ],
)
def test_debians_archive_is_found(tmp_path, name, text):
    source = apt_sources.debian_source(etc_apt(tmp_path, name, text))
    assert source.uri == "http://mirror.example/debian"
    assert source.line_for("unstable") == (
        f"deb [signed-by={apt_sources.KEYRING}] "
        "http://mirror.example/debian unstable main\n"
    )


def test_deb822_stanzas_keep_their_order_and_fields():
    sources = list(apt_sources.parse_deb822(DEB822))
    assert [source.uri.split("/")[2] for source in sources] == [
        "third.example",
        "mirror.example",
        "mirror.example",
    ]
    assert sources[1].components == ("main", "contrib")


def test_missing_archive_has_a_cure(tmp_path):
    with pytest.raises(ClinicError) as caught:
        apt_sources.debian_source(etc_apt(tmp_path, "sources.list", ""))
    assert "--odoo PATH" in caught.value.cure


def test_local_mirror_that_is_trusted_stays_so(tmp_path):
    text = "deb [trusted=yes] file:/srv/mirror trixie main"
    source = apt_sources.debian_source(etc_apt(tmp_path, "sources.list", text))
    assert source.line_for("sid") == "deb [trusted=yes] file:/srv/mirror sid main\n"
