from odoo import api, fields, models
from odoo.exceptions import UserError

from ...fields import get_keyring, key_file
from ...tools.keyring import SealBrokenError, UnknownKeyError

IDENTITY = b"clinic key seal"


class ClinicKeySeal(models.Model):
    """Fingerprint of a key of the medical record: a known word, sealed with it.

    A server with another clinic's key file, or an old one, would seal new texts with a
    key that nobody keeps. It is refused when the database is loaded.
    """

    _name = "clinic.key.seal"
    _description = "Fingerprint of a key"
    _log_access = False
    _allow_sudo_commands = False

    key_name = fields.Char(required=True, readonly=True)
    seal = fields.Binary(required=True, readonly=True, attachment=False)

    _key_once = models.UniqueIndex("(key_name)")

    def _register_hook(self):
        """Check the keys when the database is loaded; later changes of models, which
        call this too, do not change the file."""
        super()._register_hook()
        if not self.env.registry.ready:
            self._check_current()

    @api.model
    def _check_current(self):
        """
        :raises UserError: the key file is not the one of this database, or is missing
        """
        self.env.cr.execute(
            "SELECT key_name, seal FROM clinic_key_seal ORDER BY id DESC LIMIT 1"
        )
        if not (row := self.env.cr.fetchone()):
            return
        key_name, seal = row
        try:
            get_keyring(self.env).open(bytes(seal), IDENTITY)
        except (UnknownKeyError, SealBrokenError) as error:
            raise UserError(
                self.env._(
                    "The key file %(file)s is not the one of this database: it lacks"
                    " the key %(key)s. Put the right file in its place and start"
                    " again.",
                    file=key_file(),
                    key=key_name,
                )
            ) from error

    @api.model
    def _note_current(self):
        """Remember the key that seals from now on."""
        keyring = get_keyring(self.env)
        self.env.cr.execute(
            """
            INSERT INTO clinic_key_seal (key_name, seal) VALUES (%s, %s)
            ON CONFLICT DO NOTHING
            """,
            [keyring.current_id.hex(), keyring.seal(b"clinic", IDENTITY)],
        )
