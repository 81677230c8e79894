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


class ClosedBundle(AssetsBundle):
    """A bundle with style sheets from the database, which ask no other host for
    anything: one request per name that a page shows would tell the name."""

    def preprocess_css(self, *args, **kwargs):
        known = "\n".join(
            sheet._fetch_content() for sheet in self.stylesheets if sheet._filename
        )
        super().preprocess_css(*args, **kwargs)
        for sheet in self.stylesheets:
            sheet._content, found = without_foreign(sheet.content, known)
            for address in found:
                _logger.warning("Address refused in %s: %s", self.name, address)
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
        if stored and is_closed(self.env):
            bundle.__class__ = ClosedBundle
        return bundle
