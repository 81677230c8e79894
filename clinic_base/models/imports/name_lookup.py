"""Which record a file means by a name: found, answered by a person, or asked about."""

from odoo.exceptions import UserError

from ...tools.letters import fold

SERVICES = [("is_clinic_service", "=", True)]
NAMES = ("name", "default_code", "code")


class AskedError(UserError):
    """Somebody has to say which record is meant, or make what is not there; then the
    same file is imported again.

    :param about: (model, name) that a person may answer; None if it is mended elsewhere
    """

    def __init__(self, message, about=None):
        super().__init__(message)
        self.about = about


class NameLookup:
    """Records by the names of one file, each kind read once.

    :param answers: {(model, folded name): record that a person has chosen}
    :ivar seen: what the rows before have spoken of, where each may be said once
    """

    def __init__(self, env, answers=None):
        self.env = env
        self.answers = answers or {}
        self.seen = set()
        self._named = {}

    def find(self, model, text, domain=()):
        """The one record of ``model`` called ``text``, by name in any language or code.

        :raises AskedError: none, or several
        """
        if answer := self.answers.get((model, fold(text))):
            return answer
        found = self.get_ids(model, text, domain)
        if len(found) != 1:
            raise AskedError(
                self.env._(
                    "%(kind)s: none or several called “%(value)s”.",
                    kind=self.get_label(model),
                    value=text,
                ),
                (model, text) if text else None,
            )
        return self.env[model].browse(found)

    def find_branch(self, text):
        """The branch of a row, or the only one.

        :raises AskedError: it is not known, or there are several and none is named
        """
        branches = self.env["clinic.branch"].search([], limit=2)
        if text or len(branches) != 1:
            return self.find("clinic.branch", text)
        return branches

    def find_card(self, number, name=""):
        """The card of a number, that which it was merged into.

        :param name: what else the file says of the patient
        :raises AskedError: there is none, or the name is another person's
        """
        # Of two names beside one number each is asked about.
        said = " ".join(filter(None, (number, name)))
        answer = self.answers.get(("clinic.patient", fold(said)))
        if answer and answer.active:
            return answer
        about = ("clinic.patient", said) if number else None
        card = self.env["clinic.patient"]._find_by_number(number)
        if len(card) != 1:
            raise AskedError(
                self.env._("No patient has the card %(number)s.", number=number), about
            )
        if not card._may_be_called(name):
            raise AskedError(
                self.env._(
                    "The card %(number)s is %(card)s, and the file says %(name)s.",
                    number=card.card_number,
                    card=card.name,
                    name=name,
                ),
                about,
            )
        return card

    def get_ids(self, model, text, domain=()):
        """Ids of the records of ``model`` called ``text``."""
        key = (model, tuple(domain))
        if key not in self._named:
            self._named[key] = self._read_names(model, domain)
        return self._named[key].get(fold(text), ())

    def forget(self, model):
        """Records of ``model`` have been made."""
        self._named = {key: ids for key, ids in self._named.items() if key[0] != model}

    def get_label(self, model):
        # Sudo: the name of a kind of record.
        return self.env["ir.model"]._get(model).sudo().name

    def _read_names(self, model, domain):
        """{folded name in any language, or code: ids}."""
        records = self.env[model].search(list(domain))
        names = [name for name in NAMES if name in records]
        found = {}
        for code, _language in self.env["res.lang"].get_installed():
            for record in records.with_context(lang=code):
                for word in filter(None, (record[name] for name in names)):
                    ids = found.setdefault(fold(word), [])
                    if record.id not in ids:
                        ids.append(record.id)
        return found
