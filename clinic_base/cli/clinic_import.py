"""``odoo clinic_import KIND FILE``: load a file through the module that owns it.

Says how far it is in lines that begin with ``PROGRESS`` or ``RESULT`` and hold JSON.
"""

import argparse
import json
import sys
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.cli import Command
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import config

PROGRESS, RESULT = "CLINIC-PROGRESS ", "CLINIC-RESULT "


class ClinicImport(Command):
    """Load a file of patients, visits, codes, … into a database."""

    name = "clinic_import"

    def run(self, args):
        """Exit with 1 and a sentence when the file cannot be taken as a whole."""
        self.parser.add_argument("--config")
        self.parser.add_argument("--database", required=True)
        self.parser.add_argument("--rejects", type=Path, required=True)
        self.parser.add_argument("--mapping", type=json.loads)
        self.parser.add_argument("--dry-run", action="store_true")
        self.parser.add_argument("--jobs", type=int)
        self.parser.add_argument("kind")
        self.parser.add_argument("file", type=Path)
        asked = self.parser.parse_args(args)
        options = ["--config", asked.config] if asked.config else []
        config.parse_config(
            [*options, "--no-http", "--log-level=warn"], setup_logging=True
        )
        self._load(asked)

    def _load(self, asked: argparse.Namespace):
        with Registry(asked.database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if "clinic.file.loader" not in env:
                sys.exit("The suite is not installed in this database.")
            # Imported late: the suite is an addon, and known since the registry is.
            from odoo.addons.clinic_base.tools.file_loading import Order

            order = Order(
                asked.file, asked.rejects, asked.mapping, asked.dry_run, asked.jobs
            )
            try:
                result = env["clinic.file.loader"]._load(
                    asked.kind, order, lambda at: self._say(PROGRESS, at)
                )
            except UserError as error:
                sys.exit(str(error))
            self._say(RESULT, result)

    def _say(self, mark, values):
        print(mark + json.dumps(values), flush=True)
