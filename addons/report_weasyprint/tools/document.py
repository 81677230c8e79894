"""From a report's HTML to a document that WeasyPrint lays out."""

from __future__ import annotations

from weasyprint import HTML
from weasyprint.urls import URLFetcher


def read_document(text: str, base_url: str, fetcher: URLFetcher) -> HTML:
    """The parsed document, in which nothing asks for a file to be attached.

    WeasyPrint attaches to the PDF what ``rel="attachment"`` names; such a link may come
    with any text that somebody typed. It is dropped after parsing: what a text means to
    another parser does not count.
    """
    document = HTML(string=text, base_url=base_url, url_fetcher=fetcher)
    for element in document.etree_element.iter():
        if "attachment" in element.get("rel", "").lower():
            del element.attrib["rel"]
    return document
