"""Who and what a row means: found by number or name, answered by a person, or asked."""

from odoo.addons.clinic_base.models.imports.name_lookup import (
    SERVICES,
    AskedError,
    NameLookup,
)
from odoo.addons.clinic_base.tools.letters import fold

ANSWERS = ("patient_id", "specialist_id", "service_id", "branch_id")


class Lookup:
    """Records by the names of one file; each row may be answered otherwise.

    :param run: the import, whose fields stand for what the file does not say
    :param lines: {(sheet, number of a row): line that may hold answers}
    """

    def __init__(self, run, lines):
        self.env = run.env
        self.run = run
        self.lines = lines
        self.names = NameLookup(run.env)

    def get_answers(self, row):
        """Values that somebody has chosen for a row, for the next report on it."""
        line = self._get_line(row)
        return {name: line[name].id for name in ANSWERS} if line else {}

    def find_specialist(self, row):
        return self._find(row, "specialist_id", "clinic.specialist", row.specialist)

    def find_branch(self, row):
        return self._find(row, "branch_id", "clinic.branch", row.branch)

    def find_service(self, row):
        return self._find(row, "service_id", "product.product", row.service, SERVICES)

    def find_patient(self, row):
        """By the number of the card, if the name beside it is not another person's, or
        by the whole name.

        :raises AskedError: none or several, or another person
        """
        if answer := self._get_answer(row, "patient_id"):
            return answer
        patients, text = self.env["clinic.patient"], row.card_number
        found = patients._find_by_number(text)
        if found:
            return self.names.find_card(text, row.patient)
        if any(map(str.isalpha, text)):
            found = patients.search([("search_name", "=", fold(text))], limit=2)
        if len(found) != 1:
            self._ask("clinic.patient", text)
        return found

    def _find(self, row, answer, model, text, domain=()):
        """
        :raises AskedError: unless exactly one record is called so
        """
        if found := self._get_answer(row, answer):
            return found
        if not text and self.run[answer]:
            return self.run[answer]
        if not text:
            return self._find_only(model)
        found = self.names.get_ids(model, text, domain)
        if len(found) == 1:
            return self.env[model].browse(found)
        if not found and self.run[answer]:
            # A calendar's title or an address, and no name of the clinic's.
            return self.run[answer]
        return self._ask(model, text)

    def _find_only(self, model):
        """Of a clinic with one branch, that one.

        :raises AskedError: there are several
        """
        found = self.env[model].search([], limit=2) if model == "clinic.branch" else ()
        if len(found) == 1:
            return found
        raise AskedError(
            self.env._(
                "%(kind)s: the file does not say. Choose one.",
                kind=self.names.get_label(model),
            )
        )

    def _get_line(self, row):
        return self.lines.get((row.sheet, row.number))

    def _get_answer(self, row, name):
        line = self._get_line(row)
        return line and line[name]

    def _ask(self, model, text):
        raise AskedError(
            self.env._(
                "%(kind)s: none or several called “%(value)s”. Choose one.",
                kind=self.names.get_label(model),
                value=text,
            )
        )
