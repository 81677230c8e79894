"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Estimates belong to treatment plans, which are tried by hand."
