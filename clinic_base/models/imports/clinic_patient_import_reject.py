import csv
import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.documents import digits_of
from ...tools.known_rows import COMPARED


class ClinicPatientImportReject(models.Model):
    """What has become of a row, or of a value of it whose card was made."""

    _name = "clinic.patient.import.reject"
    _description = "Rejected row"
    _order = "import_id, line, id"
    _rec_name = "line"
    _log_access = False
    _personal_texts = {"patient_id": ("text", "detail")}

    import_id = fields.Many2one(
        "clinic.patient.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer(required=True)
    reason = fields.Selection(
        [
            ("known", "There is a card already"),
            ("changed", "There is a card already, and it says otherwise"),
            ("card_taken", "Another patient has this card number"),
            ("closed", "The person's data are blocked or erased"),
            ("doubtful", "A new card beside a similar one: please compare them"),
            ("name", "No name"),
            ("birthdate", "Impossible date of birth"),
            ("sex", "Sex is not understood"),
            ("phone", "Not a telephone number"),
            ("email", "Not an e-mail address"),
            ("second_email", "A card has one e-mail address"),
            ("snils", "SNILS does not check"),
            ("oms_policy", "OMS policy does not check"),
            ("document_number", "A document without its number"),
            ("category", "There is no such category"),
            ("spoiled", "A spreadsheet has spoiled the value"),
            ("twice", "Two columns say different things"),
            ("columns", "Wrong number of columns"),
            ("encoding", "Broken encoding"),
            ("quotes", "A quote is not closed"),
            ("too_long", "The row is too long"),
        ],
        required=True,
    )
    detail = fields.Char(string="What", help="The value, or the card that is known.")
    kept = fields.Boolean(
        string="Card made", help="A card was made, without the value that is named."
    )
    text = fields.Text(string="Row")
    patient_id = fields.Many2one(
        "clinic.patient",
        string="Card",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="That was made, or that there is already.",
    )

    def action_open_card(self):
        return self.patient_id.action_open_card()

    def action_take_over(self):
        """Write on the card what the row says otherwise, with the user's own rights;
        then the person is known as the file has it.

        :raises UserError: the row says nothing that a card could take
        """
        for reject in self:
            if reject.reason != "changed" or not (reject.patient_id and reject.text):
                raise UserError(
                    self.env._("Line %(line)s: nothing to take over.", line=reject.line)
                )
            row = reject.import_id._reread(reject.line, reject.text)
            card = reject.patient_id
            known = set(card.phone_ids.mapped("number_e164"))
            card.write(
                {
                    **{
                        name: getattr(row, name)
                        for name in COMPARED
                        if getattr(row, name)
                    },
                    "phone_ids": [
                        Command.create({"number_e164": number, "note": note or False})
                        for number, _readable, note in json.loads(row.phones or "[]")
                        if number not in known
                    ],
                }
            )
            # Sudo: the report of a run that the user sees, on a card just written.
            reject.sudo().write({"reason": "known", "detail": card.card_number})

    def _get_reason(self):
        """In words, with what it is about."""
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        reason = reasons[self.reason]
        if self.detail:
            reason = self.env._(
                "%(reason)s: %(detail)s", reason=reason, detail=self.detail
            )
        if self.kept and self.reason != "doubtful":
            reason = self.env._("%(reason)s (the card was made)", reason=reason)
        return reason

    def _get_cells(self, delimiter):
        """The row as cells; whole in one cell where it could not be cut."""
        try:
            return next(csv.reader([self.text or ""], delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            return [self.text or ""]

    @api.model
    def _forget_person(self, cards):
        """Rows of files that are told of keep what they said of a person."""
        # The columns that the statement reads are written by SQL alone.
        self.flush_model()
        for card in cards:
            names = [name for name in (card.last_name, card.first_name) if name]
            numbers = [digits_of(n)[-10:] for n in card.phone_ids.mapped("number_e164")]
            self.env.execute_query(
                SQL(
                    """
                    UPDATE clinic_patient_import_reject SET text = NULL, detail = NULL
                     WHERE %(named)s AND text ILIKE ALL(%(names)s)
                        OR regexp_replace(text, '\\D', '', 'g') LIKE ANY(%(numbers)s)
                    """,
                    named=bool(names),
                    names=[f"%{name}%" for name in names],
                    numbers=[f"%{number}%" for number in numbers],
                )
            )
