def pre_init_hook(env):
    """Create the PostgreSQL extensions before the tables' indexes need them.

    Odoo applies constraints and indexes before ``init()`` runs, and only logs those
    that fail. ``btree_gist`` and ``pg_trgm`` are trusted extensions: the owner of the
    database may create them.
    """
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
