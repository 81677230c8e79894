import logging
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlparse

import lxml.html
from weasyprint import CSS
from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo import api, models
from odoo.modules.module import Manifest

from ..tools.document import read_document
from ..tools.page_setup import PageSetup, make_room, page_css, paper_size
from ..tools.pdf_outline import mark_documents
from ..tools.static_files import find_static_file

# Odoo's style sheets hold rules for browsers that WeasyPrint reports at every page.
logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


class OdooFetcher(URLFetcher):
    """Serves the resources of a report from the database and the addons.

    Nothing is fetched from a network: a report may hold text that somebody typed, and
    a server that opens any address found in it can be used against its own network.
    """

    def __init__(self, env, base_url):
        super().__init__(allowed_protocols={"data"})
        self.env = env
        self.host = urlparse(base_url).netloc

    def fetch(self, url, headers=None):
        parsed = urlparse(url)
        if parsed.scheme == "data":
            return super().fetch(url, headers)
        if parsed.scheme not in ("http", "https") or parsed.netloc != self.host:
            raise ValueError(f"Reports load nothing from other hosts: {url[:100]}")
        content, mimetype = self._read(unquote(parsed.path))
        return URLFetcherResponse(url, body=content, headers={"Content-Type": mimetype})

    def _read(self, path):
        if path.startswith("/web/assets/") and path.endswith(".css"):
            attachment = self._get_bundle(path)
            return attachment.raw, attachment.mimetype
        module, _slash, rest = path.lstrip("/").partition("/")
        folder, _slash, name = rest.partition("/")
        manifest = Manifest.for_addon(module, display_warning=False)
        if folder != "static" or not manifest or not manifest.static_path:
            raise ValueError(f"Reports load static files and style sheets only: {path}")
        file = find_static_file(Path(manifest.static_path), name)
        return file.read_bytes(), guess_type(file)[0] or "application/octet-stream"

    def _get_bundle(self, path):
        # Bundles are public files that every visitor may load; the reader of the
        # report may lack the right to read attachments.
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("url", "=", path), ("public", "=", True)], limit=1)
        )
        if attachment:
            return attachment
        # Odoo makes a bundle's file when it is first asked for.
        name = ".".join(path.rsplit("/", 1)[-1].split(".")[:2])
        return self.env["ir.qweb"].sudo()._get_asset_bundle(name, js=False).css()


class IrActionsReport(models.Model):
    """WeasyPrint in the place of wkhtmltopdf, for every report of the database."""

    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        return "ok"

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Render ``bodies`` (HTML documents) into one PDF, returned as bytes.

        Header and footer hold one block per body, in the same order; each body
        numbers its own pages. Every body gets an outline entry, by which the caller
        splits the file into records.
        """
        paper = (
            self._get_report(report_ref).get_paperformat()
            if report_ref
            else self.get_paperformat()
        )
        page = self._get_page_setup(paper, landscape, specific_paperformat_args or {})
        base_url = self._get_report_url()
        fetcher = OdooFetcher(self.env, base_url)
        headers = self._split_running_blocks(header, "minimal_layout_report_headers")
        footers = self._split_running_blocks(footer, "minimal_layout_report_footers")
        documents = [
            self._lay_out(
                read_document(
                    self._insert_running_blocks(body, index, headers, footers),
                    base_url,
                    fetcher,
                ),
                page,
            )
            for index, body in enumerate(bodies)
        ]
        return self._write_pdf(documents)

    @api.model
    def _lay_out(self, html, page):
        """Pages of one document; a header higher than its margin gets room.

        Paper formats have one height for all headers, companies have addresses of any
        number of lines.
        """
        document = html.render(stylesheets=[CSS(string=page_css(page))])
        header = document.pages[0].anchors.get("report-running-header")
        roomy = make_room(page, header[3]) if header else page
        if roomy != page:
            document = html.render(stylesheets=[CSS(string=page_css(roomy))])
        return document

    @api.model
    def _write_pdf(self, documents):
        pages, first_pages = [], []
        for document in documents:
            first_pages.append(len(pages))
            pages.extend(document.pages)
        return (
            documents[0]
            .copy(pages)
            .write_pdf(finisher=lambda _document, pdf: mark_documents(pdf, first_pages))
        )

    @api.model
    def _get_page_setup(self, paper, landscape, specific):
        """Page of a paper format; what the template asks for itself goes first."""
        if not landscape:
            landscape = (
                specific.get("data-report-landscape")
                or paper.orientation == "Landscape"
            )
        return PageSetup(
            size=paper_size(paper.format, paper.page_width, paper.page_height),
            landscape=bool(landscape),
            margin_top=float(specific.get("data-report-margin-top", paper.margin_top)),
            margin_right=paper.margin_right,
            margin_bottom=float(
                specific.get("data-report-margin-bottom", paper.margin_bottom)
            ),
            margin_left=paper.margin_left,
        )

    @api.model
    def _split_running_blocks(self, html, container_id):
        """Blocks of a header or footer document, one per body, as HTML strings."""
        if not html:
            return []
        tree = lxml.html.document_fromstring(str(html).strip())
        container = tree.get_element_by_id(container_id, None)
        if container is None:
            return []
        return [lxml.html.tostring(block, encoding="unicode") for block in container]

    @api.model
    def _insert_running_blocks(self, body, index, headers, footers):
        """Put header and footer of document ``index`` at the top of its body."""
        tree = lxml.html.document_fromstring(str(body).strip())
        running = [
            f'<div class="report-running-{kind}" id="report-running-{kind}">'
            f"{blocks[index]}</div>"
            for kind, blocks in (("header", headers), ("footer", footers))
            if index < len(blocks)
        ]
        for position, block in enumerate(running):
            tree.body.insert(position, lxml.html.fragment_fromstring(block))
        return lxml.html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")
