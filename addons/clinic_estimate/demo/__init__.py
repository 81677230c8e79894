"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Estimates come with the treatment plans."
