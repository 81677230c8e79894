import csv
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from .evaluation import find_places, shipped_modules

JUDGED = Path(__file__).with_name("judged_places.csv")


@tagged("post_install", "-at_install")
class TestJudgedPlaces(TransactionCase):
    """All that evaluates or renders a text, in Odoo and the addons, was looked at."""

    def test_every_place_was_judged_and_is_still_there(self):
        installed = self.env["ir.module.module"].search([("state", "=", "installed")])
        modules = {*installed.mapped("name"), *shipped_modules()}
        found = set(find_places(sorted(modules)))
        with JUDGED.open(newline="") as lines:
            judged = {
                (row["file"], row["function"], row["call"]): row["judgement"]
                for row in csv.DictReader(lines)
            }
        self.assertFalse(
            found - set(judged),
            "Judge what is new: what text is that, who writes it, what closes it?",
        )
        self.assertFalse(set(judged) - found, "These have gone.")
        self.assertTrue(all(judged.values()))
