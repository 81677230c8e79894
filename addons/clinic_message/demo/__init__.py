"""What the demonstration shows of this module: what patients were told, and when."""

from datetime import timedelta

# Back from midnight, UTC: an hour at which nobody sleeps in any of the cities.
AWAKE = timedelta(hours=14)


def live(world, span):
    """Send what was written on the day before, as the outbox would have done."""
    with world.at(span.start - AWAKE):
        send(world.env)


def send(env):
    """What is due at this moment, without the commits of the outbox: all of a first
    load is one transaction."""
    messages = env["clinic.message"]
    due = messages.browse()
    while some := messages._claim_due():
        due |= some
    # Only then, since each claim forgets all that was read.
    for message, (function, *arguments) in due._prepare_calls().items():
        message._note_outcome(function(*arguments))
