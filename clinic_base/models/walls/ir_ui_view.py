from itertools import chain

from lxml import etree

from odoo import models

from ...tools.stored_code import find_view_code, is_closed, refuse
from ...tools.stored_code.markup import find_arguments, find_code
from ...tools.stored_code.module_files import is_piece_of


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _register_hook(self):
        super()._register_hook()
        # What was compiled while modules were being loaded was not looked at.
        if self.env.registry.updated_modules:
            self.env.registry.clear_cache("templates")

    def _combine(self, hierarchy):
        """Refuse code that came into a view through the database.

        Here every view passes when it is used, whatever it is for and whenever it was
        stored, and when it is saved, which checks what it makes of its parents.
        """
        if not is_closed(self.env):
            return super()._combine(hierarchy)
        views = self.union(*chain(*hierarchy.values()))
        known = views._clinic_check_code()
        combined = super()._combine(hierarchy)
        # An inherited view may have given an attribute to a call made elsewhere.
        for call in combined.xpath("//*[@t-call]"):
            for piece in find_arguments(call):
                if not is_piece_of(piece, known):
                    raise refuse(piece)
        return combined

    def _clinic_check_code(self):
        """Pieces of code in the files of these views, the only ones they may hold.

        A website's own copy of a view carries the original's key.
        """
        external_ids = self._get_external_ids()
        known = set()
        for view in self:
            names = {view.key or "", *external_ids[view.id]}
            own = set().union(*map(find_view_code, names))
            for piece in find_code(etree.fromstring(view.arch or "<data/>")):
                if not is_piece_of(piece, own):
                    raise refuse(piece)
            known |= own
        return known
