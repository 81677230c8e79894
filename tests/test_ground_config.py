"""The files below config/ are what their own programs accept."""

import configparser
import re
import shutil
import subprocess

import pytest
import yaml
from clinic_cli.layout import ODOO, PYTHON, ROOT
from jsonschema import validate

CONFIG = ROOT / "config"
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

MAIN_NGINX = """
pid {folder}/pid;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/clinic.conf;
}}
"""

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


def tool(name):
    path = shutil.which(name, path=SYSTEM_PATH)
    if not path:
        pytest.skip(f"{name} is not installed")
    return path


def odoo_configuration():
    parser = configparser.RawConfigParser()
    parser.read(ROOT / "odoo.conf")
    return parser["options"]


def make_certificate(folder):
    subprocess.run(
        [
            *(tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes"),
            *("-subj", "/CN=clinic.example", "-days", "1"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )


def test_nginx_accepts_its_configuration(tmp_path):
    nginx = tool("nginx")
    make_certificate(tmp_path)
    text = (CONFIG / "nginx" / "clinic.conf").read_text()
    text = re.sub(r"listen \[::\].*\n", "", text)
    text = re.sub(r"listen (80|443)", r"listen 127.0.0.1:2\g<1>", text)
    text = text.replace("/etc/ssl/clinic", str(tmp_path))
    text = text.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "clinic.conf").write_text(text)
    (tmp_path / "nginx.conf").write_text(MAIN_NGINX.format(folder=tmp_path))
    result = subprocess.run(
        [nginx, "-t", "-q", "-e", "stderr", "-c", tmp_path / "nginx.conf"],
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
    analyze = tool("systemd-analyze")
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
    assert set(options) <= set(known)


def test_odoo_is_closed_to_the_outside():
    options = odoo_configuration()
    assert options["list_db"] == "False"
    assert options["proxy_mode"] == "True"
    assert options["http_interface"] == "127.0.0.1"
    assert options["db_password"] == "False"
    assert "admin_passwd" not in options


def test_odoo_and_postgresql_agree_on_connections():
    options = odoo_configuration()
    processes = int(options["workers"]) + int(options["max_cron_threads"])
    wanted = processes * int(options["db_maxconn"]) + int(options["db_maxconn_gevent"])
    text = (CONFIG / "postgresql" / "clinic.conf").read_text()
    allowed = int(re.search(r"^max_connections = (\d+)", text, re.MULTILINE)[1])
    assert wanted < allowed
