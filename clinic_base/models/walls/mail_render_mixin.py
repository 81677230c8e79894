import lxml.html

from odoo import api, models
from odoo.tools.rendering_tools import parse_inline_template

from ...tools.authority import closed_to_medical
from ...tools.stored_code import find_code, is_closed, may_run, refuse
from ...tools.stored_code.module_files import holds_piece


class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    @api.model
    def _render_template(self, *args, **kwargs):
        """Templates are written by administrators: they see nothing medical."""
        with closed_to_medical():
            return super()._render_template(*args, **kwargs)

    def _check_access_right_dynamic_template(self):
        """Odoo asks here whenever a template or a translation of it is saved: whoever
        writes code into it learns at once that it would not run.
        """
        if is_closed(self.env):
            for piece in self._find_stored_code():
                raise refuse(piece)
        return super()._check_access_right_dynamic_template()

    def _find_stored_code(self):
        """Pieces of the templates that are refused when a message is made of them."""
        for template in self.sudo():
            for name, field in template._fields.items():
                if field.store and field.type in ("char", "text", "html"):
                    engine = getattr(field, "render_engine", "inline_template")
                    yield from template._find_refused(template[name], engine)

    def _find_refused(self, text, engine):
        text = text or ""
        if engine == "inline_template":
            pieces = (piece for _text, piece, _else in parse_inline_template(text))
            may_be = may_run
        else:
            pieces = find_code(lxml.html.fragment_fromstring(text, "div"))
            may_be = _may_be_rendered
        allowed = self.env["ir.qweb"]._is_expression_allowed
        for piece in pieces:
            if piece and not allowed(piece, self.render_model) and not may_be(piece):
                yield piece


def _may_be_rendered(piece):
    return holds_piece(piece) or may_run(piece)
