from odoo import api, models
from odoo.tools import SQL

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
