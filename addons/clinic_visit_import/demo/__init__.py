"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Files of a former system are brought by hand."
