"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Prices of estimates follow from the plans and the price list."
