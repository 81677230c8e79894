from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools.documents import digits_of
from ...tools.letters import fold

GROUP = "clinic_base.group_clinic_manager"
# Shorter words of a name are words of the language too.
SHORTEST_WORD = 3


class ClinicPatient(models.Model):
    """A card whose data may not be used any more, until somebody lifts it (152-ФЗ,
    art. 21): nobody but the management finds it, nothing is awaited or sent, no file
    and no merge opens it again."""

    _inherit = "clinic.patient"

    closed = fields.Selection(
        [("blocked", "Blocked"), ("erased", "Erased")], readonly=True, copy=False
    )
    act_ids = fields.One2many(
        "clinic.personal.act", "patient_id", string="Acts", groups=GROUP
    )

    # Closed cards are few among all.
    _closed_idx = models.Index("(id, partner_id) WHERE closed IS NOT NULL")

    _closed_is_archived = models.Constraint(
        "CHECK (closed IS NULL OR active IS NOT TRUE)",
        "The card is blocked or erased. The clinic's manager opens it with a reason.",
    )

    @api.model
    def _get_closed_domain(self):
        return Domain("closed", "!=", False)

    def _filter_closed(self):
        return self.filtered("closed")

    # === ACTIONS === #

    def action_block(self):
        """Ask on what grounds, and say what ends."""
        return self._ask_for_act("block", self.env._("Block the person's data"))

    def action_lift_block(self):
        return self._ask_for_act("lift", self.env._("Open the card again"))

    def _ask_for_act(self, kind, title):
        self.ensure_one()
        self._check_may_close()
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "clinic.personal.change",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_patient_id": self.id, "default_kind": kind},
        }

    def _check_may_close(self):
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._("Only the clinic's manager blocks and erases personal data.")
            )

    # === BLOCKING === #

    def _block(self, ground, note=False):
        """Close all cards of the person.

        :raises AccessError: for anyone but the clinic's manager
        :raises UserError: they are closed already
        """
        cards = self._lock_person()
        cards._check_note(note)
        if cards.filtered("closed"):
            raise UserError(self.env._("This card is blocked or erased already."))
        self.env["clinic.personal.act"]._note(
            cards, kind="block", ground=ground, note=note
        )
        cards.filtered("active").archive_with_reason(
            self.env._("Personal data are blocked")
        )
        cards.write({"closed": "blocked"})
        cards._close_contacts()
        self.env["clinic.patient.duplicate"]._forget(cards)

    def _lift_block(self, ground, note):
        """Open the cards again; those that were merged stay what they are.

        :raises UserError: no reason is given, or they are not blocked
        """
        cards = self._lock_person()
        cards._check_note(note)
        blocked = cards.filtered(lambda card: card.closed == "blocked")
        if not blocked:
            raise UserError(self.env._("This card is not blocked."))
        if not note:
            raise UserError(self.env._("Say why the card is opened again."))
        self.env["clinic.personal.act"]._note(
            blocked, kind="lift", ground=ground, note=note
        )
        blocked.write({"closed": False})
        blocked.filtered(lambda card: not card.merged_into_id).write({"active": True})
        blocked.partner_id.write({"active": True})

    def _close_contacts(self):
        """Contacts and logins of the site go with the cards; whoever works here stays a
        colleague. A login is given anew when the card is opened again."""
        partners = self.partner_id.with_context(active_test=False)
        people = partners.filtered(lambda one: all(one.user_ids.mapped("share")))
        people.user_ids.write({"active": False})
        # Odoo asks for logins by the context of the contacts.
        people.with_env(self.env).write({"active": False})

    def _lock_person(self):
        """All cards of the person as committed by now, as superuser: whoever else
        blocks, erases or merges one of them waits.

        :raises AccessError: for anyone but the clinic's manager
        """
        self.ensure_one()
        self._check_may_close()
        # Sudo: checked above; merged and closed cards belong to the person too.
        cards = self.sudo()._get_kept()._get_aliases().sorted("id")
        cards.lock_for_update()
        cards.invalidate_recordset(["merged_into_id", "active", "closed"])
        return cards

    def _check_note(self, note):
        """Acts outlive the data: nothing of the person stands in them.

        :raises ValidationError: there is a name, a number or an address in ``note``
        """
        words, digits = set(fold(note).split()), digits_of(note)
        for card in self:
            names = {
                word for word in fold(card.name).split() if len(word) >= SHORTEST_WORD
            }
            numbers = map(digits_of, card.phone_ids.mapped("number_e164"))
            told = names & words or any(n[-10:] in digits for n in numbers if n)
            if told or (card.email and card.email.lower() in (note or "").lower()):
                raise ValidationError(
                    self.env._(
                        "The act is kept when the data are erased: write the number of"
                        " the letter, and nothing of the person."
                    )
                )
