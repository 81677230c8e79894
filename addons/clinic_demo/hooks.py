import logging
import os
from pathlib import Path

from odoo.tools import file_path

from .clinic import DemoClinic
from .finance import DemoFinance
from .history import DemoHistory
from .network import Network, Scale
from .record import DemoRecord

_logger = logging.getLogger(__name__)

ICD10_PATTERN = "shared/data/icd10-ru-nsi-1005-*.csv"
LANGUAGE = "ru_RU"


def post_init_hook(env):
    """Build the demonstration that CLINIC_DEMO names; the small clinic by default."""
    load_icd10(env)
    BUILDS[os.environ.get("CLINIC_DEMO", "small")](env)


def build_small(env):
    """One branch, through the suite's own methods: what tests and cases play on."""
    clinic = DemoClinic(env)
    clinic.build()
    DemoRecord(clinic).build()
    history = DemoHistory(clinic)
    with history.clock.hold():
        history.build()
        DemoFinance(clinic, history).build()


def build_network(env):
    """The network that lives, in the language that CLINIC_DEMO_LANG names."""
    language = os.environ.get("CLINIC_DEMO_LANG", LANGUAGE)
    network = Network.new(env, language, Scale())
    network.plan()
    network.live()
    for line in network.describe_seconds():
        _logger.info("Seconds: %s", line)


def build_nothing(_env):
    """Only the addon, for whoever builds something of another size in it."""


BUILDS = {"small": build_small, "network": build_network, "none": build_nothing}


def load_icd10(env):
    """The whole classifier if its file is at hand; the sample is there already.

    The file is named by CLINIC_ICD10_FILE or lies beside the repository.
    """
    repository = Path(file_path("clinic_demo")).resolve().parents[1]
    named = os.environ.get("CLINIC_ICD10_FILE")
    found = [Path(named)] if named else sorted(repository.parent.glob(ICD10_PATTERN))
    if found:
        count = env["clinic.icd10"]._import_csv(found[-1])
        _logger.info("%s ICD-10 codes from %s", count, found[-1].name)
