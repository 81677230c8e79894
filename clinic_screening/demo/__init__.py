"""What the demonstration shows of this module: the questionnaire of the site."""

from . import questionnaire


def plan(world):
    questionnaire.publish(world)


def live(world, span):
    if span.is_last:
        questionnaire.fill_in(world)
