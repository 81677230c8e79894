"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Its books are read from entries that other modules' parts post."
