"""Who and what a row means: found by number or name, answered by a person, or asked."""

from odoo.exceptions import UserError

from odoo.addons.clinic_base.tools.letters import fold

from ..tools.visit_columns import strip_zeros

ANSWERS = ("patient_id", "specialist_id", "service_id", "branch_id")


class AskedError(UserError):
    """Somebody has to say which record is meant; the text asks."""


class Lookup:
    """Records by the names of one file, each kind read once.

    :param run: the import, whose fields stand for what the file does not say
    :param lines: {number of a row: line that may hold answers}
    """

    def __init__(self, run, lines):
        self.env = run.env
        self.run = run
        self.lines = lines
        self.named = {}

    def get_answers(self, number):
        """Values that somebody has chosen for a row, for the next report on it."""
        line = self.lines.get(number)
        return {name: line[name].id for name in ANSWERS} if line else {}

    def find_specialist(self, row):
        return self._find(row, "specialist_id", "clinic.specialist", row.specialist)

    def find_branch(self, row):
        return self._find(row, "branch_id", "clinic.branch", row.branch)

    def find_service(self, row):
        return self._find(row, "service_id", "product.product", row.service)

    def find_patient(self, row):
        """By the number of the card, whatever a spreadsheet has made of its zeros, or
        by the whole name.

        :raises AskedError: none or several
        """
        if answer := self._get_answer(row, "patient_id"):
            return answer
        patients = self.env["clinic.patient"]
        text = row.card_number
        number = strip_zeros(text)
        found = patients.with_context(active_test=False).search(
            [("card_number", "in", [text, number, number.zfill(7)])]
        )
        exact = found.filtered(lambda card: card.card_number == text)
        found = (exact or found)._get_kept().with_env(self.env).filtered("active")
        if not found and any(map(str.isalpha, text)):
            found = patients.search([("search_name", "=", fold(text))], limit=2)
        if len(found) != 1:
            self._ask(patients, text)
        return found

    def _find(self, row, answer, model, text):
        """
        :raises AskedError: unless exactly one record is called so
        """
        if found := self._get_answer(row, answer):
            return found
        if not text and self.run[answer]:
            return self.run[answer]
        if not text:
            return self._find_only(model)
        found = self._get_named(model).get(fold(text), ())
        if len(found) == 1:
            return self.env[model].browse(found)
        if not found and self.run[answer]:
            # A calendar's title or an address, and no name of the clinic's.
            return self.run[answer]
        return self._ask(self.env[model], text)

    def _find_only(self, model):
        """Of a clinic with one branch, that one.

        :raises AskedError: there are several
        """
        found = self.env[model].search([], limit=2) if model == "clinic.branch" else ()
        if len(found) == 1:
            return found
        label = self.env["ir.model"]._get(model).sudo().name
        raise AskedError(
            self.env._("%(kind)s: the file does not say. Choose one.", kind=label)
        )

    def _get_answer(self, row, name):
        line = self.lines.get(row.number)
        return line and line[name]

    def _get_named(self, model):
        """{folded name in any language, or code: ids}."""
        if model not in self.named:
            records = self.env[model].search(
                [("is_clinic_service", "=", True)] if model == "product.product" else []
            )
            self.named[model] = {}
            languages = [code for code, _name in self.env["res.lang"].get_installed()]
            for language in languages:
                for record in records.with_context(lang=language):
                    self._note(model, record.name, record.id)
                    if model == "product.product":
                        self._note(model, record.default_code, record.id)
        return self.named[model]

    def _note(self, model, name, record_id):
        if name:
            ids = self.named[model].setdefault(fold(name), [])
            if record_id not in ids:
                ids.append(record_id)

    def _ask(self, records, text):
        label = self.env["ir.model"]._get(records._name).sudo().name
        raise AskedError(
            self.env._(
                "%(kind)s: none or several called “%(value)s”. Choose one.",
                kind=label,
                value=text,
            )
        )
