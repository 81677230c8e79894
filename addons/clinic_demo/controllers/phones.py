"""The screen of phones: what patients of the demonstration have on theirs."""

import re
from urllib.parse import quote_plus

from markupsafe import Markup, escape

from odoo.http import Controller, request, route

LATEST = 200
PHONES = 40
LINK = re.compile(r"https?://[^\s<>\"]+")


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
        # Sudo: in the demonstration alone, what was sent is there to be looked at.
        messages = request.env["clinic.message"].sudo()
        domain = [
            ("gateway", "=", "phone"),
            ("recipient", "!=", False),
            ("company_id", "in", request.env.user.company_ids.ids),
        ]
        latest = messages.search(domain, limit=LATEST)
        phones = list(latest.grouped("recipient").items())[:PHONES]
        number = number.replace(" ", "+") or (phones and phones[0][0])
        shown = messages.search([*domain, ("recipient", "=", number)], limit=50)
        return request.render(
            "clinic_demo.phones",
            {
                "phones": phones,
                "number": number,
                "messages": shown.sorted("id"),
                "with_links": with_links,
                "quote_plus": quote_plus,
            },
        )


def with_links(text):
    """``text`` as HTML in which addresses can be followed."""
    found, end = Markup(), 0
    for match in LINK.finditer(text or ""):
        link = match[0].rstrip(".,;:)")
        found += escape(text[end : match.start()])
        found += Markup('<a href="%s" target="_blank">%s</a>') % (link, link)
        end = match.start() + len(link)
    return found + escape((text or "")[end:])
