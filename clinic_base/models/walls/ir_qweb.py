import logging

from lxml import etree

from odoo import models

from odoo.addons.base.models.assetsbundle import AssetsBundle

from ...tools.stored_code import is_closed, refuse
from ...tools.stored_code.addresses import without_foreign
from ...tools.stored_code.markup import find_code
from ...tools.stored_code.module_files import holds_piece
from ...tools.stored_code.plain import is_plain

_logger = logging.getLogger(__name__)


# Odoo's own sheet of fonts asks a host of Odoo's for each paper that is shown.
PAPERS = "web.report_assets"


class ClosedBundle(AssetsBundle):
    """A bundle of which no style sheet from the database asks another host for
    anything: one request per name that a page shows would tell the name. Papers ask
    nobody at all."""

    def preprocess_css(self, *args, **kwargs):
        own = [sheet for sheet in self.stylesheets if sheet._filename]
        if self.name.startswith(PAPERS):
            own = []
        known = "\n".join(sheet._fetch_content() for sheet in own)
        super().preprocess_css(*args, **kwargs)
        for sheet in self.stylesheets:
            sheet._content, found = without_foreign(sheet.content, known)
            if found and not sheet._filename:
                _logger.warning("Addresses refused in %s: %s", sheet.name, found)
        return "\n".join(sheet.minify() for sheet in self.stylesheets)


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _get_template(self, template):
        """Refuse code in a template that is no view, such as the body of a mail.

        Odoo's own restricted mode allows the fields of a short list by itself.
        """
        if (
            isinstance(template, etree._Element)
            and not self.env.context.get("raise_on_forbidden_code_for_model")
            and is_closed(self.env)
        ):
            for piece in find_code(template):
                if not is_plain(piece) and not holds_piece(piece):
                    raise refuse(piece)
        return super()._get_template(template)

    def _get_asset_bundle(self, *args, **kwargs):
        bundle = super()._get_asset_bundle(*args, **kwargs)
        stored = [sheet for sheet in bundle.stylesheets if not sheet._filename]
        if (stored or bundle.name.startswith(PAPERS)) and is_closed(self.env):
            bundle.__class__ = ClosedBundle
        return bundle
