from lxml import etree

from odoo import models

from ...tools.stored_code import is_closed, refuse
from ...tools.stored_code.markup import find_code
from ...tools.stored_code.module_files import holds_piece
from ...tools.stored_code.plain import is_plain


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
