"""Notices of the payment provider that come many times at once, on a real server."""

import pytest
from benches.finance import webhooks
from clinic_cli import databases, odoo
from clinic_cli.benching import Context
from clinic_cli.progress import Progress


@pytest.fixture
def context(postgresql):
    return Context(postgresql, Progress())


def test_the_same_notice_50_times_in_parallel_books_one_payment(context):
    configuration = str(odoo.configure(context.server))
    template = databases.ensure_suite_template(context.server, context.progress)
    with databases.scratch(context.server, template) as database:
        seen = webhooks.storm(context, database, configuration, payments=2, notices=100)
    assert seen.answers == {200: 100}
    assert (seen.payments, seen.transactions, seen.paid_invoices) == (2, 2, 2)
    assert seen.cases == 0
