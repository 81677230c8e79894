"""PostgreSQL's log, as config/ and ./clinic set it, holds no value of a statement."""

import threading
from contextlib import suppress

import own_postgres
import psycopg2
import pytest
from clinic_cli import postgres
from clinic_cli.layout import ROOT

CANARY = "Канарейкина"
SHIPPED = ROOT / "config" / "postgresql" / "clinic.conf"
# What a machine that tests has no room for.
SMALL = ("-c", "shared_buffers=64MB", "-c", "min_wal_size=32MB")
# Were it only for the settings of slowness: all of it is slow and waits long.
HASTY = ("-c", "deadlock_timeout=50ms")


def private_flags():
    return tuple(f"--{name}={value}" for name, value in postgres._settings().items())


@pytest.fixture(
    scope="module",
    params=[{"include": SHIPPED}, {"private": True}],
    ids=["config", "private cluster"],
)
def cluster(request):
    private = request.param.get("private")
    flags = private_flags() if private else SMALL
    with own_postgres.serving(
        *flags, *HASTY, include=request.param.get("include")
    ) as running:
        with running.connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "CREATE TABLE patient (id int PRIMARY KEY, name text UNIQUE, age int)"
            )
            cursor.execute("INSERT INTO patient VALUES (1, 'a'), (2, 'b')")
        connection.close()
        yield running


def run(cluster, statement, values):
    connection = cluster.connect()
    with suppress(psycopg2.Error), connection.cursor() as cursor:
        cursor.execute(statement, values)
        connection.commit()
    connection.close()


def assert_discreet(cluster):
    text = cluster.log.read_text()
    assert CANARY not in text
    assert "patient" not in text


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_sleep(1.2), %s",
        "SELECT * FROM missing WHERE name = %s",
        "SELECT %s::int",
        "INSERT INTO patient VALUES (1, %s)",
        "INSERT INTO patient SELECT 5, %s UNION ALL SELECT 5, 'x'",
        "UPDATE patient SET age = %s",
        "DO $do$ BEGIN RAISE WARNING '%%', %s; END $do$",
        "SELECT count(*) FROM (SELECT g, %s FROM generate_series(1, 2000000) g"
        " ORDER BY md5(g::text)) x",
    ],
)
def test_slow_and_failing_statements_leave_no_value(cluster, statement):
    run(cluster, statement, [CANARY])
    assert_discreet(cluster)


def test_waiting_and_deadlocked_statements_leave_no_value(cluster):
    update = "UPDATE patient SET name = %s || id WHERE id = %s"
    first, second = cluster.connect(), cluster.connect()
    one, two = first.cursor(), second.cursor()
    one.execute(update, [CANARY, 1])
    two.execute(update, [CANARY, 2])
    failed = []

    def wait():
        try:
            one.execute(update, [CANARY, 2])
        except psycopg2.errors.DeadlockDetected as error:
            failed.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    try:
        two.execute(update, [CANARY, 1])
    except psycopg2.errors.DeadlockDetected as error:
        failed.append(error)
        second.rollback()
    waiting.join(30)
    first.close()
    second.close()
    assert len(failed) == 1
    assert_discreet(cluster)


def test_slow_statements_can_be_found_without_their_values():
    with own_postgres.serving(*SMALL, include=SHIPPED) as cluster:
        connection = cluster.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_stat_statements")
            cursor.execute("SELECT pg_sleep(0.1), %s", [CANARY])
            cursor.execute("SELECT query FROM pg_stat_statements")
            queries = [query for (query,) in cursor.fetchall()]
        connection.close()
    assert any("pg_sleep($1)" in query for query in queries)
    assert not any(CANARY in query for query in queries)
