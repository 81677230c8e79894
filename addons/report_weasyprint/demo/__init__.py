"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "It draws the reports of others."
