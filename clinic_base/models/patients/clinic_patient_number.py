from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools.letters import clean
from ...tools.person_name import fits_name
from .clinic_patient_search import CARD_DIGITS

CODE = "clinic.patient"


class ClinicPatient(models.Model):
    """Numbers of cards: brought by those of a former system, else of a sequence."""

    _inherit = "clinic.patient"

    @api.model
    def _next_card_number(self):
        """A free number; the sequence steps over numbers that cards have brought."""
        # Roles that register patients may not read sequences.
        sequence = self.env["ir.sequence"].sudo()
        number = sequence.next_by_code(CODE)
        while number and self._is_number_taken(number):
            number = sequence.next_by_code(CODE)
        return number

    @api.model
    def _check_card_number(self, text):
        """``text`` without what nobody sees.

        :raises ValidationError: nothing is left
        """
        if number := clean(text):
            return number
        raise ValidationError(self.env._("A card has a number."))

    @api.model
    def _find_by_number(self, text):
        """The card that a file means by ``text``, whatever a spreadsheet has made of
        its zeros; that which it was merged into. None, or several, if it is not sure.
        """
        number = text.lstrip("0")
        if not number:
            return self.browse()
        found = self.with_context(active_test=False).search(
            [("card_number", "in", (text, number, number.zfill(CARD_DIGITS)))]
        )
        exact = found.filtered(lambda card: card.card_number == text)
        return (exact or found)._get_kept().with_env(self.env).filtered("active")

    def _may_be_called(self, text):
        """Whether ``text`` of a file is a name of the card's person, or says none."""
        return fits_name(text, self.name)

    @api.model
    def _is_number_taken(self, number):
        return bool(
            self.env.execute_query(
                SQL("SELECT FROM clinic_patient WHERE card_number = %s", number)
            )
        )

    @api.model
    def _get_number_form(self):
        """(name of the database's sequence, digits, prefix, suffix)."""
        # As above.
        sequence = self.env["ir.sequence"].sudo().search([("code", "=", CODE)], limit=1)
        prefix, suffix = sequence._get_prefix_suffix()
        name = f"ir_sequence_{sequence.id:03}"
        return name, sequence.padding, prefix or "", suffix or ""

    @api.model
    def _push_card_numbers(self, numbers):
        """Let the sequence go on behind those of ``numbers`` that it would give itself.

        Longer ones than its own are another kind. It is never set back, and what is
        pushed stays so if the transaction fails: a gap harms nobody.
        """
        name, padding, prefix, suffix = self._get_number_form()
        own = [
            int(digits)
            for number in numbers
            if number.startswith(prefix) and number.endswith(suffix)
            for digits in [number[len(prefix) : len(number) - len(suffix)]]
            if digits.isascii() and digits.isdecimal() and len(digits) <= padding
        ]
        if own and max(own) > 0:
            self.env.cr.execute(
                SQL(
                    "SELECT setval(%(name)s, greatest(%(last)s, last_value))"
                    " FROM %(sequence)s WHERE last_value < %(last)s",
                    name=name,
                    sequence=SQL.identifier(name),
                    last=max(own),
                )
            )
