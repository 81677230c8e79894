from odoo import api, models

# More than a clinic sends between a backup and its restoration.
NUMBERS = 1_000_000


class ClinicQuiet(models.AbstractModel):
    """Messages to patients of a restored database."""

    _inherit = "clinic.quiet"

    @api.model
    def _leave_numbers_out(self):
        """SMS services know messages by their number, also those sent after the backup
        that this database does not know any more.

        The same backup may be restored twice, and the first copy have sent something:
        one number more for each second since its last message, which is faster than
        anybody sends.
        """
        result = super()._leave_numbers_out()
        self.env["clinic.message"].flush_model()
        self.env.cr.execute(
            """
            SELECT setval(sequence, nextval(sequence) + %s + COALESCE((
                       SELECT GREATEST(0, extract(epoch FROM %s - max(create_date)))
                         FROM clinic_message), 0)::bigint)
              FROM pg_get_serial_sequence('clinic_message', 'id') AS sequence
            """,
            [NUMBERS, self.env.cr.now()],
        )
        return result

    @api.model
    def _get_waiting(self, since):
        # Sudo: a number; administrators have no rights on messages.
        messages = self.env["clinic.message"].sudo()
        count = messages.search_count(messages._get_restored_domain(since))
        return [
            (self.env._("Messages to patients"), count),
            *super()._get_waiting(since),
        ]

    @api.model
    def _set_aside(self, since):
        messages = self.env["clinic.message"]
        messages.search(messages._get_restored_domain(since))._set_restored_aside()
        return super()._set_aside(since)
