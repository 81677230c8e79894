"""What Odoo can open as a file of an addon, and what it cannot."""

import json
import re
import subprocess

from clinic_cli import addons_folder, odoo
from clinic_cli.layout import ADDONS, LOCAL, PYTHON, ROOT, modules

OPEN = """
import json, sys
import odoo.tools
from odoo.tools import config, file_open, file_path
from odoo.modules.module import Manifest, initialize_sys_path
configuration, *names = json.load(sys.stdin)
config.parse_config(["--config", configuration])
initialize_sys_path()
opened = []
for name in names:
    for way in (file_path, file_open):
        try:
            way(name)
        except (OSError, ValueError):
            continue
        opened.append(name)
found = sorted(manifest.name for manifest in Manifest.all_addon_manifests())
print(json.dumps([sorted(set(opened)), found]))
"""


def ask_odoo(names):
    """Those of ``names`` that Odoo opens, and the addons that it knows."""
    done = subprocess.run(
        [PYTHON, "-c", OPEN],
        # More names than one argument of a program may hold.
        input=json.dumps([str(odoo.CONFIGURATION), *map(str, names)]),
        capture_output=True,
        text=True,
        check=True,
    )
    return map(set, json.loads(done.stdout))


def outside():
    """Every file of the clone that belongs to no module; of .local the telling ones."""
    own = {module.path for module in modules().values()}
    for path in ROOT.iterdir():
        if path.is_file():
            yield path
        elif path.name not in {".local", "addons"} and path not in own:
            yield from (file for file in path.rglob("*") if file.is_file())
    yield from (path for path in LOCAL.iterdir() if path.is_file())
    yield from (LOCAL / "data").glob("*.keys")
    yield from (LOCAL / "postgres").rglob("PG_VERSION")


def test_odoo_opens_nothing_that_belongs_to_no_module(postgresql):
    odoo.configure(postgresql)
    paths = sorted({*outside(), odoo.CONFIGURATION})
    assert ROOT / "odoo.conf" in paths
    relative = [path.relative_to(ROOT) for path in paths]
    climbing = [
        f"clinic_base/{climb}{path}"
        for path in relative
        for climb in ("../", "../../", "static/../../../")
    ]
    links = [f"{ADDONS}/../../{path}" for path in relative]
    opened, _known = ask_odoo([*paths, *relative, *climbing, *links])
    assert not opened


def test_odoo_knows_and_opens_every_module_of_ours(postgresql):
    odoo.configure(postgresql)
    manifests = {f"{name}/__manifest__.py" for name in modules()}
    opened, known = ask_odoo(manifests)
    assert opened == manifests
    assert set(modules()) <= known


def test_links_follow_the_modules_that_are_there(tmp_path, monkeypatch):
    folder = tmp_path / "local" / "addons"
    folder.mkdir(parents=True)
    (folder / "gone").symlink_to("../../gone")
    (folder / "clinic_base").symlink_to("../elsewhere")
    monkeypatch.setattr(addons_folder, "ADDONS", folder)
    for _time in range(2):
        addons_folder.renew()
        links = {link.name: link for link in folder.iterdir()}
        assert {name: link.resolve() for name, link in links.items()} == {
            name: module.path for name, module in modules().items()
        }
        assert not any(link.readlink().is_absolute() for link in links.values())


def test_every_configuration_names_the_links_alone():
    named = {
        line
        for path in (ROOT / "odoo.conf", *(ROOT / "config").rglob("*"))
        if path.is_file()
        for line in re.findall(r"addons.path *= *(.*)", path.read_text())
    }
    assert named == {f"/opt/clinic/{ADDONS.relative_to(ROOT)}"}
