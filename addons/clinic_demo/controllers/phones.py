"""The screen of phones: what patients of the demonstration have on theirs."""

import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote_plus

from markupsafe import Markup, escape

from odoo.http import Controller, request, route

from ..network.founding import ADDRESS

LATEST = 200
PHONES = 40
SHOWN = 50
LINK = re.compile(r"https?://[^\s<>\"]+")


class Item(NamedTuple):
    """What lies on a phone or in a mailbox."""

    recipient: str
    name: str
    subject: str
    body: Markup
    moment: datetime


class Phones(Controller):
    """For everybody who works in a company of the demonstration, whatever the role."""

    @route(
        "/demo/phones",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        readonly=True,
    )
    def show_phones(self, number="", **_kwargs):
        """The latest phones and mailboxes, and all that lies on one of them."""
        if not request.env.user._is_internal():
            return request.not_found()
        latest = find_items([], LATEST)
        phones = {}
        for item in latest:
            phones.setdefault(item.recipient, item)
        number = number.replace(" ", "+") or next(iter(phones), "")
        shown = find_items([("recipient", "=", number)], SHOWN)
        return request.render(
            "clinic_demo.phones",
            {
                "phones": list(phones.values())[:PHONES],
                "number": number,
                "items": shown[::-1],
                "quote_plus": quote_plus,
            },
        )


def find_items(domain, limit):
    """The latest of the outbox and of Odoo's own e-mails, the newest first."""
    own = [*domain, ("company_id", "in", request.env.user.company_ids.ids)]
    # Sudo: in the demonstration alone, what was sent is there to be looked at.
    messages = request.env["clinic.message"].sudo()
    letters = request.env["clinic.demo.letter"].sudo()
    sent = [("gateway", "=", "phone"), ("recipient", "!=", False)]
    items = [
        Item(
            message.recipient,
            message.patient_id.name,
            message.subject or "",
            with_links(message.body),
            message.scheduled_at,
        )
        for message in messages.search([*sent, *own], limit=limit)
    ]
    items += [
        Item(
            letter.recipient,
            letter.recipient,
            letter.subject or "",
            letter.body,
            letter.create_date,
        )
        for letter in letters.search(own, limit=limit)
    ]
    return sorted(items, key=lambda item: item.moment, reverse=True)[:limit]


def with_links(text):
    """``text`` as HTML in which addresses can be followed, wherever it is served now:
    texts name the address at which they were written."""
    found, end = Markup(), 0
    for match in LINK.finditer(text or ""):
        link = match[0].rstrip(".,;:)")
        found += escape(text[end : match.start()])
        here = link.removeprefix(ADDRESS) or link
        found += Markup('<a href="%s" target="_blank">%s</a>') % (here, link)
        end = match.start() + len(link)
    return Markup('<div style="white-space: pre-line">%s</div>') % (
        found + escape((text or "")[end:])
    )
