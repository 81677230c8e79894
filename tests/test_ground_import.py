"""``./clinic import``: what it shows, refuses, keeps apart and goes on with."""

import json
import os
import signal
import subprocess
import time

import pytest
from clinic_cli import databases
from clinic_cli.commands.import_data import Bar
from clinic_cli.errors import ExitCode
from clinic_cli.layout import ROOT
from clinic_cli.progress import Progress


def test_the_bar_tells_rate_and_time_left():
    clock = iter((10.0, 20.0))
    bar = Bar(lambda: next(clock))
    first = {"offset": 1000, "size": 4000, "created": 90, "rejected": 10}
    assert bar.show(first).endswith("]  25% 100 rows")
    then = {"offset": 2000, "size": 4000, "created": 190, "rejected": 10}
    assert bar.show(then).endswith("]  50% 200 rows, 10/s, 0:20 left")


def test_what_a_resumed_run_finds_done_does_not_count_for_its_rate():
    clock = iter((0.0, 1.0))
    bar = Bar(lambda: next(clock))
    bar.show({"offset": 900, "size": 1000, "created": 900, "rejected": 0})
    last = {"offset": 1000, "size": 1000, "created": 1000, "rejected": 0}
    assert bar.show(last).endswith("] 100% 1,000 rows, 100/s, 0:00 left")


@pytest.fixture(scope="module")
def database(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as name:
        yield name


def start(database, *arguments, **options):
    return subprocess.Popen(
        [ROOT / "clinic", "import", "patients", "--database", database, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def clinic(database, *arguments):
    process = start(database, *map(str, arguments))
    output, _errors = process.communicate(timeout=120)
    return process.returncode, output


def count(postgresql, database):
    query = "SELECT count(*) FROM clinic_patient WHERE last_name = 'Убитов'"
    return int(postgresql.sql(query, database)[0][0])


def test_a_mapping_that_is_none_is_refused(database, tmp_path):
    file, mapping = tmp_path / "people.csv", tmp_path / "map.json"
    file.write_text("ФИО\n")
    mapping.write_text("[1]")
    code, output = clinic(database, file, "--mapping", mapping)
    assert code == ExitCode.USAGE
    assert "cure:" in output


def test_a_killed_import_goes_on_without_doubles(postgresql, database, tmp_path):
    """With unusual titles and a bad row, so that one file shows the whole way."""
    rows = 25_000
    file, mapping = tmp_path / "people.csv", tmp_path / "map.json"
    mapping.write_text(json.dumps({"Клиент": "name"}))
    with file.open("w") as handle:
        handle.write("Клиент;Дата рождения\n---;31.01.1985\n")
        handle.writelines(f"Убитов Номер{n};01.01.1990\n" for n in range(rows))
    arguments = (str(file), "--mapping", str(mapping), "--jobs", "2")
    killed = start(database, *arguments, start_new_session=True)
    deadline = time.monotonic() + 60
    while not count(postgresql, database):
        assert killed.poll() is None and time.monotonic() < deadline
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    assert 0 < count(postgresql, database) < rows
    code, output = clinic(database, *arguments)
    assert code == ExitCode.OK, output
    assert f"{rows:,} written" in output
    assert "1 rejected" in output
    assert count(postgresql, database) == rows
    rejected = (tmp_path / "people.csv.rejected.csv").read_text()
    assert "---;31.01.1985" in rejected
