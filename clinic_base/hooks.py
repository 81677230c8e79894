import logging

from .fields import encrypted_fields, key_file
from .tools.keyring import create_key_file

_logger = logging.getLogger(__name__)


def pre_init_hook(env):
    """Create the PostgreSQL extensions before the tables' indexes need them.

    Odoo applies constraints and indexes before ``init()`` runs, and only logs those
    that fail. ``btree_gist`` and ``pg_trgm`` are trusted extensions: the owner of the
    database may create them.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")


def post_init_hook(env):
    """Make the key file of encrypted fields, unless it would replace a lost one, and
    remember in the database which key it is."""
    if not key_file().exists():
        if has_encrypted_data(env):
            _logger.error("Encrypted data without its key file %s", key_file())
            return
        if create_key_file(key_file()):
            _logger.info(
                "Key file %s created: keep a copy apart from backups", key_file()
            )
    env["clinic.key.seal"]._note_current()


def has_encrypted_data(env):
    """Whether any encrypted column holds a value."""
    for model in env.values():
        if model._abstract or not model._auto:
            continue
        for field in encrypted_fields(model):
            # Names come from the model's own fields, never from outside.
            env.cr.execute(
                f'SELECT 1 FROM "{model._table}"'  # pylint: disable=sql-injection
                f' WHERE "{field.name}" IS NOT NULL LIMIT 1'
            )
            if env.cr.fetchone():
                return True
    return False
