"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "It leads from the questionnaire to the booking form by itself."
