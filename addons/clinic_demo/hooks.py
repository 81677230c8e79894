import logging
import os
from pathlib import Path

from odoo.tools import file_path

from .clinic import DemoClinic
from .finance import DemoFinance
from .history import DemoHistory
from .record import DemoRecord

_logger = logging.getLogger(__name__)

ICD10_PATTERN = "shared/data/icd10-ru-nsi-1005-*.csv"


def post_init_hook(env):
    """Build the demonstration clinic through the suite's own methods."""
    load_icd10(env)
    clinic = DemoClinic(env)
    clinic.build()
    DemoRecord(clinic).build()
    history = DemoHistory(clinic)
    with history.clock.hold():
        history.build()
        DemoFinance(clinic, history).build()


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
