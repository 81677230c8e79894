from odoo import api, fields, models
from odoo.tools import consteq

from ...fields import get_keyring
from ...tools.secret_link import LinkOverError, get_hash, get_token, new_seed


class ClinicSecretLinkMixin(models.AbstractModel):
    """A record that is opened by a secret address, without signing in.

    The address is made anew from a seed whenever it is sent or shown; only its hash is
    kept and compared. It ends by :meth:`_get_link_end`, by :meth:`_is_link_kept`, or
    because somebody withdraws it.
    """

    _name = "clinic.secret.link.mixin"
    _description = "Secret address"

    # Path of the address, with ``{token}`` in it.
    _link_path = "{token}"

    token_seed = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        default=lambda self: new_seed(get_keyring(self.env)),
    )
    token_hash = fields.Char(
        compute="_compute_token_hash",
        store=True,
        copy=False,
        groups=fields.NO_ACCESS,
    )
    revoked_on = fields.Datetime(readonly=True, copy=False)

    _token_once = models.UniqueIndex("(token_hash)")

    @api.depends("token_seed")
    def _compute_token_hash(self):
        for link in self:
            link.token_hash = get_hash(link._get_token())

    def _get_token(self):
        """The secret, in clear. Whoever gets it has been checked by the caller."""
        # The seed is hidden from all roles.
        seed = self.sudo().token_seed
        return get_token(get_keyring(self.env), seed, f"secret link {self._name}")

    def _get_path(self):
        """Path of the address; see :meth:`_get_token`."""
        self.ensure_one()
        return self._link_path.format(token=self._get_token())

    def _get_address(self):
        """The whole address; see :meth:`_get_token`."""
        return self.get_base_url().rstrip("/") + self._get_path()

    def _get_link_end(self):
        """Hook: when the address ends (UTC); False where it only ends by withdrawal."""
        return False

    def _is_link_kept(self):
        """Hook: whether what the address leads to still stands."""
        return True

    def _is_link_live(self):
        """Whether the address opens anything now."""
        self.ensure_one()
        end = self._get_link_end()
        ended = end and end <= self.env.cr.now()
        return not self.revoked_on and not ended and self._is_link_kept()

    @api.model
    def _find(self, token):
        """The record that ``token`` opens, as superuser: the secret is the right to it.

        :return: empty if it is unknown, over or withdrawn
        """
        wanted = get_hash(token)
        # See above: nobody else has the secret.
        link = self.sudo().search([("token_hash", "=", wanted)], limit=1)
        found = link and consteq(link.token_hash, wanted) and link._is_link_live()
        return link if found else link.browse()

    @api.model
    def _find_or_refuse(self, token):
        """:raises LinkOverError: see :meth:`_find`; answered alike for all reasons"""
        link = self._find(token)
        if not link:
            raise LinkOverError()
        return link

    def _withdraw_links(self):
        """The addresses open nothing any more; those withdrawn before stay as noted."""
        self.filtered(lambda link: not link.revoked_on).write(
            {"revoked_on": self.env.cr.now()}
        )

    def _renew_links(self):
        """Fresh secrets; the addresses before them are dead."""
        keyring = get_keyring(self.env)
        for link in self:
            # Hidden from all roles; the caller has checked who asks.
            link.sudo().write({"token_seed": new_seed(keyring), "revoked_on": False})
