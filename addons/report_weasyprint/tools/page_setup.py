"""Geometry of a printed page, and the style sheet that carries it to WeasyPrint."""

from __future__ import annotations

from typing import NamedTuple

# Odoo's paper format records carry Qt's names; CSS Paged Media knows a few of them.
CSS_SIZES = {"A3", "A4", "A5", "B4", "B5", "Letter", "Legal", "Ledger"}

# Odoo's formats leave the sides to a padding inside the page; printers need some.
MIN_SIDE_MARGIN = 10

# Between a header that is higher than its margin and the text below it.
HEADER_GAP = 4
MM_PER_PX = 25.4 / 96  # CSS Values and Units: 96 px to the inch


class PageSetup(NamedTuple):
    """Lengths in millimetres."""

    size: str
    landscape: bool
    margin_top: float
    margin_right: float
    margin_bottom: float
    margin_left: float


def paper_size(paper: str | None, width: float, height: float) -> str:
    """CSS ``size`` of a paper format: a known name, or width and height in mm."""
    if paper in CSS_SIZES:
        return paper
    if width and height:
        return f"{width:g}mm {height:g}mm"
    return "A4"


def make_room(page: PageSetup, header_bottom: float) -> PageSetup:
    """``page`` with the margin that its header needs; at least its own.

    :param header_bottom: where the header ends, in CSS pixels from the sheet's top
    """
    needed = header_bottom * MM_PER_PX
    if needed <= page.margin_top:
        return page
    return page._replace(margin_top=round(needed + HEADER_GAP, 1))


def page_css(page: PageSetup) -> str:
    """Style sheet of one document: sheet, margins, running header and footer.

    Header and footer are running elements (CSS Generated Content for Paged Media);
    ``.page`` and ``.topage`` inside them are the page counters of Odoo's layouts,
    while ``.page`` elsewhere is the body of a report.
    """
    orientation = " landscape" if page.landscape else ""
    return f"""
    @page {{
        size: {page.size}{orientation};
        margin: {page.margin_top:g}mm {max(page.margin_right, MIN_SIDE_MARGIN):g}mm
            {page.margin_bottom:g}mm {max(page.margin_left, MIN_SIDE_MARGIN):g}mm;
        @top-left {{
            content: element(report-header);
            width: 100%;
            vertical-align: top;
            padding-top: 6mm;
        }}
        @bottom-left {{
            content: element(report-footer);
            width: 100%;
            vertical-align: top;
            padding-top: 2mm;
        }}
    }}
    .report-running-header {{ position: running(report-header); width: 100%; }}
    .report-running-footer {{ position: running(report-footer); width: 100%; }}
    .report-running-footer .page::before,
    .report-running-header .page::before {{ content: counter(page); }}
    .report-running-footer .topage::before,
    .report-running-header .topage::before {{ content: counter(pages); }}
    html, body {{ overflow: visible !important; height: auto !important; }}
    .container, .container-fluid {{
        max-width: none !important; padding: 0 !important; margin: 0 !important;
    }}
    tr, .o_avoid_break {{ break-inside: avoid; }}
    thead {{ display: table-header-group; }}
    h1, h2, h3, h4, h5, h6 {{ bookmark-level: none; break-after: avoid; }}
    """
