"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Prices of estimates come from the price list by themselves."
