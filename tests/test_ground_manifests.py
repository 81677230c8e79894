"""The modules stand on one another in one direction only."""

import re

import pytest
from clinic_cli.layout import CORE_MODULES, modules

# What each module of the suite may depend on, among the modules of the repository.
LAYERS = {
    "clinic_base": set(),
    "clinic_message": {"clinic_base"},
    "clinic_schedule": {"clinic_base", "clinic_message"},
    "clinic_estimate": {"clinic_base"},
    "clinic_emr": {
        "clinic_base",
        "clinic_message",
        "clinic_schedule",
        "clinic_estimate",
    },
    "clinic_finance": {"clinic_base", "clinic_message", "clinic_schedule"},
    "clinic_screening": {
        "clinic_base",
        "clinic_message",
        "clinic_schedule",
        "website_clinic",
    },
    "clinic_cash": {
        "clinic_base",
        "clinic_message",
        "clinic_schedule",
        "clinic_finance",
    },
    "clinic_decision": {
        "clinic_base",
        "clinic_message",
        "clinic_schedule",
        "clinic_finance",
    },
    "clinic_portal": {
        "clinic_base",
        "clinic_message",
        "clinic_schedule",
        "clinic_finance",
        "website_clinic",
    },
    "website_clinic": {"clinic_base"},
    # Whoever wants to send needs no engine.
    "sms_aero": {"clinic_base", "clinic_message"},
    "sms_exolve": {"clinic_base", "clinic_message"},
    "sms_smsc": {"clinic_base", "clinic_message"},
}
# Addons that stand below the engine.
BELOW = {"clinic_message"}
# Modules below addons/ that know nothing of the clinic, so that all may use them.
GROUND = {"report_weasyprint"}


def wrong_edges(name: str, depends: set[str], ours: set[str]) -> set[str]:
    """The dependencies of ``name`` that point upward or sideways."""
    allowed = LAYERS.get(name, ours if name not in GROUND else set())
    return (depends & ours) - allowed - (GROUND if name not in GROUND else set())


@pytest.mark.parametrize("name", sorted(modules()))
def test_dependencies_point_downward(name):
    module = modules()[name]
    assert not wrong_edges(name, set(module.depends), set(modules()))


@pytest.mark.parametrize(
    ("name", "depends"),
    [
        ("clinic_base", {"clinic_schedule"}),
        ("clinic_emr", {"clinic_finance"}),
        ("clinic_schedule", {"clinic_sms_gateway"}),
        ("clinic_message", {"clinic_schedule"}),
        ("sms_smsc", {"clinic_schedule"}),
        ("report_weasyprint", {"clinic_base"}),
    ],
)
def test_upward_and_sideways_edges_are_found(name, depends):
    ours = {*LAYERS, *GROUND, "clinic_sms_gateway"}
    assert wrong_edges(name, depends | {"mail"}, ours) == depends


@pytest.mark.parametrize("name", sorted(BELOW))
def test_what_stands_below_the_engine_names_nothing_above(name):
    """Not even in a text that Odoo would resolve: a model, a field, an external id."""
    above = re.compile(
        r"clinic[._](appointment|schedule|shift|session|charge|encounter)"
        r"|appointment_id|clinic_(emr|finance|portal|screening)"
    )
    named = [
        f"{path}: {found[0]}"
        for path in sorted(modules()[name].path.rglob("*"))
        if path.suffix in (".py", ".xml", ".csv", ".js")
        and (found := above.search(path.read_text()))
    ]
    assert not named


def test_all_six_modules_are_there():
    assert set(CORE_MODULES) <= set(modules())


def test_bridges_install_themselves():
    """A module that joins two siblings must not need anybody to think of it."""
    siblings = {"clinic_emr", "clinic_finance", "clinic_screening", "clinic_portal"}
    for module in modules().values():
        if module.path.parent.name != "addons" or module.name == "clinic_demo":
            continue
        if len(siblings & set(module.depends)) > 1:
            assert module.manifest.get("auto_install"), module.name


@pytest.mark.parametrize("name", sorted(modules()))
def test_odoos_own_runner_finds_every_test_of_the_module(name):
    tests = modules()[name].path / "tests"
    init = tests / "__init__.py"
    named = set(re.findall(r"\w+", init.read_text())) if init.exists() else set()
    assert {path.stem for path in tests.rglob("test_*.py")} <= named
