from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError

SINCE = "clinic.quiet_since"
CRONS = "clinic.quiet_crons"


class ClinicQuiet(models.AbstractModel):
    """A restored database keeps quiet until a person lets it go.

    What it holds is as old as its backup: messages that wait in it may have been sent
    since, payments have come, numbers were given away. So its scheduled actions stand
    still, nothing leaves it, and nobody but staff gets an answer; providers ask again
    later. ``./clinic restore`` begins it, an administrator ends it after comparing with
    the services. What the scheduled actions then write for the time in between, the
    clinic that was lost may have sent: it waits for a person (:meth:`_is_catching_up`).
    """

    _name = "clinic.quiet"
    _description = "Restored database that keeps quiet"

    @api.model
    @api.private
    def get_since(self):
        """When the database was restored (UTC, naive), False if it works as ever."""
        # Sudo: one value that every request asks for, and that is no secret.
        since = self.env["ir.config_parameter"].sudo().get_param(SINCE)
        return bool(since) and fields.Datetime.to_datetime(since)

    @api.model
    @api.private
    def begin(self):
        """Hold everything; for the command line, before anybody is served."""
        parameters = self.env["ir.config_parameter"]
        if self.get_since():
            return
        crons = self.env["ir.cron"].search([("active", "=", True)])
        crons.active = False
        parameters.set_param(CRONS, ",".join(map(str, crons.ids)))
        parameters.set_param(SINCE, fields.Datetime.to_string(self.env.cr.now()))
        self._leave_numbers_out()

    @api.model
    def release(self):
        """Let the database work again.

        What waited for its time to come is set aside first: whether it went out is
        asked for, or said by a person, and never guessed.

        :raises AccessError: for who is no administrator
        """
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(
                self.env._("Only an administrator lets a restored database go.")
            )
        # Sudo: an administrator, as checked just above, has no rights on messages.
        return self.sudo()._release()

    @api.model
    def _release(self):
        if not (since := self.get_since()):
            return False
        self._set_aside(since)
        parameters = self.env["ir.config_parameter"]
        ids = map(int, filter(None, (parameters.get_param(CRONS) or "").split(",")))
        crons = self.env["ir.cron"].with_context(active_test=False)
        crons = crons.browse(ids).exists()
        crons.active = True
        crons._begin_catching_up()
        parameters.set_param(SINCE, False)
        parameters.set_param(CRONS, False)
        return True

    @api.model
    def _is_catching_up(self):
        """Whether this runs in a scheduled action that has not come to its end since
        the database was let go, and so does what was due after the backup."""
        cron_id = self.env.context.get("cron_id")
        if not isinstance(cron_id, int):
            return False
        # Sudo: one mark of the action that is running.
        cron = self.env["ir.cron"].sudo().browse(cron_id)
        try:
            return cron.catches_up  # asked for each message, read once
        except MissingError:
            return False

    @api.model
    def _leave_numbers_out(self):
        """Hook: jump over numbers that other services may know already."""

    @api.model
    def _get_waiting(self, since):
        """Hook: what waits in the database and may have gone out after the backup.

        :return: pairs (kind in the user's language, number)
        """
        mails = self.env["mail.mail"].sudo().search_count(self._get_mail_domain(since))
        return [(self.env._("E-mails of Odoo"), mails)]

    @api.model
    def _set_aside(self, since):
        """Hook: keep back what ``_get_waiting`` counts."""
        mails = self.env["mail.mail"].search(self._get_mail_domain(since))
        mails._keep_back_restored()

    @api.model
    def _get_mail_domain(self, since):
        return [("state", "=", "outgoing"), ("create_date", "<=", since)]
