"""What the demonstration shows of this module: who pays, in advance or after."""

from . import payments, terms


def plan(world):
    terms.agree(world)


def live(world, span):
    payments.note_insured(world)
    payments.pay_ahead(world, span)
    payments.pay_later(world, span)
    payments.close_month(world, span)
    payments.ask(world, span)
