"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Messages would leave the server; there are phones of its own."
