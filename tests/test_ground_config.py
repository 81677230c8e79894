"""The files below config/ are what their own programs accept."""

import configparser
import re
import subprocess
from pathlib import Path

import front
import pytest
import yaml
from clinic_cli.layout import ODOO, PYTHON, ROOT
from jsonschema import validate

CONFIG = ROOT / "config"

COMPOSE_SCHEMA = {
    "type": "object",
    "required": ["name", "services", "volumes"],
    "additionalProperties": False,
    "properties": {
        "name": {"const": "clinic"},
        "volumes": {"type": "object"},
        "services": {
            "type": "object",
            "required": ["postgresql", "odoo", "nginx"],
            "additionalProperties": {
                "type": "object",
                "required": ["restart"],
                "oneOf": [{"required": ["image"]}, {"required": ["build"]}],
                "additionalProperties": False,
                "properties": {
                    "image": {"type": "string", "pattern": "^[a-z/]+:[0-9.]+$"},
                    "build": {"type": "object", "required": ["context", "dockerfile"]},
                    "restart": {"const": "unless-stopped"},
                    "env_file": {"type": "string"},
                    "environment": {
                        "type": "object",
                        "additionalProperties": {"type": "string"},
                        "propertyNames": {"not": {"pattern": "PASSWORD|SECRET|KEY"}},
                    },
                    "command": {"type": "array", "items": {"type": "string"}},
                    "volumes": {"type": "array", "items": {"type": "string"}},
                    "ports": {"type": "array", "items": {"type": "string"}},
                    "depends_on": {"type": ["array", "object"]},
                    "network_mode": {"const": "service:odoo"},
                    "shm_size": {"type": "string"},
                    "healthcheck": {"type": "object", "required": ["test"]},
                },
            },
        },
    },
}


def odoo_configuration():
    parser = configparser.RawConfigParser()
    parser.read(ROOT / "odoo.conf")
    return parser["options"]


def test_nginx_accepts_its_configuration(tmp_path):
    nginx = front.tool("nginx")
    front.make_certificate(tmp_path)
    main = front.write_configuration(tmp_path, 20443, 20080, 8069)
    result = subprocess.run(
        [nginx, "-t", "-q", "-e", "stderr", "-c", main],
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert not result.stderr


@pytest.mark.parametrize("zone", ["clinic_login", "clinic_booking", "clinic_hall"])
def test_nginx_limits_what_strangers_may_repeat(zone):
    text = (CONFIG / "nginx" / "clinic.conf").read_text()
    assert re.search(rf"limit_req_zone .*zone={zone}:", text)
    assert re.search(rf"limit_req zone={zone} ", text)


def test_nginx_and_odoo_speak_of_the_same_places():
    text = (CONFIG / "nginx" / "clinic.conf").read_text()
    options = odoo_configuration()
    assert f"127.0.0.1:{options['http_port']}" in text
    assert f"127.0.0.1:{options['gevent_port']}" in text
    assert f"alias {options['data_dir']}/filestore/" in text


def test_systemd_accepts_the_unit(tmp_path):
    analyze = front.tool("systemd-analyze")
    text = (CONFIG / "systemd" / "clinic.service").read_text()
    unit = tmp_path / "clinic.service"
    # Neither the clone in /opt nor its user are there on a machine that tests.
    text = re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", text)
    unit.write_text(text.replace("=clinic\n", "=root\n"))
    result = subprocess.run(
        [analyze, "verify", "--man=no", unit], capture_output=True, text=True
    )
    ours = [line for line in result.stderr.splitlines() if "clinic.service" in line]
    assert not ours
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=25", "--no-pager", unit],
        capture_output=True,
        text=True,
    )
    # 0 to 10 is written as 0 to 100; what is left is the network and the files.
    assert judged.returncode == 0, judged.stdout


def test_compose_file_has_its_form_and_no_secret():
    text = (CONFIG / "compose" / "compose.yaml").read_text()
    validate(yaml.safe_load(text), COMPOSE_SCHEMA)


def test_dockerfile_copies_what_is_there():
    text = (CONFIG / "compose" / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE)
    assert copied
    for path in " ".join(copied).split():
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("path", ["systemd/clinic.service", "compose/Dockerfile"])
def test_odoo_is_started_by_a_path_that_serves_websockets_too(path):
    """Several workers start the script once more; `python -m odoo` has none."""
    text = (CONFIG / path).read_text()
    [started] = re.findall(r'^(?:ExecStart=|ENTRYPOINT \[")([^\s"]+)', text, re.M)
    assert started == f"/opt/clinic/{ODOO.relative_to(ROOT)}"


def test_postgresql_knows_every_setting(postgresql):
    text = (CONFIG / "postgresql" / "clinic.conf").read_text()
    names = re.findall(r"^(\w+) =", text, re.MULTILINE)
    known = {row[0] for row in postgresql.sql("SELECT lower(name) FROM pg_settings")}
    assert len(names) > 15
    assert set(names) <= known


def test_odoo_knows_every_option():
    options = odoo_configuration()
    program = (
        "import odoo.tools; from odoo.tools import config;print(*config.options_index)"
    )
    known = subprocess.run(
        [PYTHON, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    ours = {name for name in options if name.startswith("clinic_")}
    assert set(options) - ours <= set(known)
    code = "".join(path.read_text() for path in ROOT.glob("clinic_*/**/*.py"))
    assert [name for name in ours if f'"{name}"' not in code] == []


def test_odoo_is_closed_to_the_outside():
    options = odoo_configuration()
    assert options["list_db"] == "False"
    assert options["proxy_mode"] == "True"
    assert options["http_interface"] == "127.0.0.1"
    assert options["db_password"] == "False"


def test_no_master_password_is_taken():
    program = (
        "import odoo.tools; from odoo.tools import config;"
        f"config._parse_config(['--config', {str(ROOT / 'odoo.conf')!r}]);"
        "print([config.verify_admin_password(p) for p in ('', 'admin', 'False')])"
    )
    answer = subprocess.run(
        [PYTHON, "-c", program], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[False, False, False]"


def test_the_key_of_the_medical_record_is_apart_from_what_is_backed_up():
    options = odoo_configuration()
    key = Path(options["clinic_key_file"])
    assert Path(options["data_dir"]) not in key.parents
    unit = (CONFIG / "systemd" / "clinic.service").read_text()
    assert f"--mode 0700 {key.parent}\n" in unit
    dockerfile = (CONFIG / "compose" / "Dockerfile").read_text()
    assert f"--mode 0700 {key.parent}\n" in dockerfile
    compose = yaml.safe_load((CONFIG / "compose" / "compose.yaml").read_text())
    assert f"keys:{key.parent}" in compose["services"]["odoo"]["volumes"]
    assert not any("keys" in v for v in compose["services"]["nginx"]["volumes"])


def test_one_database_is_named_so_that_none_is_looked_for():
    """Odoo looks for databases by asking PostgreSQL, and without it finds none."""
    options = odoo_configuration()
    assert options["db_name"] == "clinic"
    assert "dbfilter" not in options


def image_files(paths):
    """Those of ``paths`` that Docker sends to the build: the last line that speaks of a
    file, or of a folder above it, decides."""
    text = (CONFIG / "compose" / "Dockerfile.dockerignore").read_text()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rules = [
        (
            line.startswith("!"),
            re.compile(
                "".join(
                    {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(
                        part, re.escape(part)
                    )
                    for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", line.lstrip("!"))
                )
                + "(?:/.*)?"
            ),
        )
        for line in lines
    ]
    for path in paths:
        sent = True
        for again, rule in rules:
            if rule.fullmatch(path):
                sent = again
        if sent:
            yield path


def test_an_image_holds_the_product_and_no_secret():
    def listed(*options):
        command = ["git", "ls-files", "-z", *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        return done.stdout.decode().strip("\0").split("\0")

    tracked = set(listed())
    needed = {"clinic", "odoo.conf", "clinic_base/__manifest__.py", "tools/__init__.py"}
    assert needed & tracked <= set(image_files(tracked))
    secrets = [
        *listed("--others", "--ignored", "--exclude-standard"),
        ".local/odoo.conf",
        ".local/data/clinic.keys",
        ".git/config",
        "config/compose/secrets.env",
        "config/compose/certificates/privkey.pem",
        "clinic.keys",
        "secrets.env",
        "clinic-20260101-000000.tar.gz",
        "clinic_base/.env",
    ]
    assert [*image_files(secrets)] == []


def test_what_the_dockerfile_copies_is_sent_to_it():
    text = (CONFIG / "compose" / "Dockerfile").read_text()
    copied = " ".join(re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE)).split()
    named = {path for path in copied if path != "."}
    assert set(image_files(named)) == named


def test_odoo_and_postgresql_agree_on_connections():
    options = odoo_configuration()
    processes = int(options["workers"]) + int(options["max_cron_threads"])
    wanted = processes * int(options["db_maxconn"]) + int(options["db_maxconn_gevent"])
    text = (CONFIG / "postgresql" / "clinic.conf").read_text()
    allowed = int(re.search(r"^max_connections = (\d+)", text, re.MULTILINE)[1])
    assert wanted < allowed
