"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "It needs a contract with the provider."
