"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Rooms open with the visits by video."
