"""What the demonstration shows of this module."""

NOTHING_TO_SHOW = "Blocks in the calendar come by themselves with the visits."
