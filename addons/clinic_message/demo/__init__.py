"""What the demonstration shows of this module: what patients were told, and when."""


def live(world, span):
    """Send what has become due before this stretch, as the outbox does it.

    Without its commits: all of a first load is one transaction. What is due at the
    present is left to the outbox itself.
    """
    messages = world.env["clinic.message"]
    with world.at(span.start):
        while some := messages._claim_due():
            for message, (function, *arguments) in some._prepare_calls().items():
                message._note_outcome(function(*arguments))
