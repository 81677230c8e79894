"""What the demonstration shows of this module: what patients were told, and when."""

from datetime import timedelta

# Back from midnight, UTC: an hour at which nobody sleeps in any of the cities.
AWAKE = timedelta(hours=14)


def live(world, span):
    """Send what was written on the day before, as the outbox would have done."""
    with world.at(span.start - AWAKE):
        send(world)


def send(world):
    """What is due at this moment, without the commits of the outbox: all of a first
    load is one transaction."""
    messages = world.env["clinic.message"]
    while some := messages._claim_due():
        for message, (function, *arguments) in some._prepare_calls().items():
            message._note_outcome(function(*arguments))
