"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "It takes others' scripts off the site; nothing is seen of it."
