"""What the demonstration shows of this module: who pays, in advance or after."""

from . import packages, payments, refunds, terms


def plan(world):
    terms.agree(world)
    packages.offer(world)


def live(world, span):
    packages.sell(world, span)
    payments.note_insured(world)
    payments.pay_ahead(world, span)
    payments.pay_later(world, span)
    payments.close_month(world, span)
    payments.ask(world, span)
    refunds.give_back(world, span)
