"""Marks in a PDF by which Odoo splits it into one file per record."""

from __future__ import annotations

from collections.abc import Sequence

import pydyf


def mark_documents(pdf: pydyf.PDF, first_pages: Sequence[int]) -> None:
    """Add one outline entry per document, at the page (from 0) where it begins.

    ``ir.actions.report`` reads ``/Outlines`` and looks every destination up in
    ``/Dests``, whose entries start with the page's index; that is how wkhtmltopdf
    writes them.
    """
    outlines = pydyf.Dictionary({"Type": "/Outlines", "Count": len(first_pages)})
    pdf.add_object(outlines)
    dests = pydyf.Dictionary()
    entries = []
    for position, page in enumerate(first_pages):
        name = f"document-{position}"
        dests[name] = pydyf.Array([page, "/XYZ", 0, 0, 0])
        entry = pydyf.Dictionary(
            {
                "Title": pydyf.String(str(position + 1)),
                "Parent": outlines.reference,
                "Dest": f"/{name}",
            }
        )
        pdf.add_object(entry)
        entries.append(entry)
    for before, after in zip(entries, entries[1:], strict=False):
        before["Next"] = after.reference
        after["Prev"] = before.reference
    outlines["First"] = entries[0].reference
    outlines["Last"] = entries[-1].reference
    pdf.catalog["Outlines"] = outlines.reference
    pdf.catalog["Dests"] = dests
