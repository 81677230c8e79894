from itertools import chain

from lxml import etree

from odoo import api, models

from ...tools import given
from ...tools.stored_code import find_view_code, is_closed, refuse
from ...tools.stored_code.backend import find_leaving
from ...tools.stored_code.markup import find_arguments, find_code, find_running
from ...tools.stored_code.module_files import (
    find_view_settings,
    is_piece_of,
    is_read_raw,
)
from ...tools.stored_code.places import find_content, find_places, find_settings


class IrUiView(models.Model):
    _inherit = "ir.ui.view"

    def _register_hook(self):
        super()._register_hook()
        # What was compiled while modules were being loaded was not looked at.
        if self.env.registry.updated_modules:
            self.env.registry.clear_cache("templates")

    @api.model
    def save_embedded_field(self, el):
        """:raises AccessError: the site's editor saves any field of any record that the
        page names; what the program alone writes is not among them"""
        model = self.env.get(el.get("data-oe-model"))
        field = model is not None and model._fields.get(el.get("data-oe-field"))
        if field:
            given.refuse(model, [field])
        return super().save_embedded_field(el)

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
        self._clinic_check_combined(combined, known)
        return combined

    def _clinic_check_code(self):
        """Pieces of code in the files of these views, the only ones they may hold;
        nor do they give a value to what a template puts into a script or an address.

        A website's own copy of a view carries the original's key.
        """
        external_ids = self._get_external_ids()
        known = set()
        for view in self:
            names = {view.key or "", *external_ids[view.id]}
            own = set().union(*map(find_view_code, names))
            arch = etree.fromstring(view.arch or "<data/>")
            pieces = chain(find_code(arch), find_places(arch), find_content(arch))
            if view.type != "qweb":
                pieces = chain(pieces, find_leaving(arch))
            for piece in pieces:
                if not is_piece_of(piece, own):
                    raise refuse(piece)
            given = set().union(*map(find_view_settings, names))
            for name in find_settings(arch):
                if name not in given and is_read_raw(name):
                    raise refuse(f"t-set={name}")
            known |= own
        return known

    def _clinic_check_combined(self, combined, known):
        """An inherited view moves and wraps what others hold, and gives attributes to
        elements made elsewhere: none of it may run, or take something dynamic where
        none of the files has it.

        :param known: what the files of all these views hold
        """
        for element in combined.iter(etree.Element):
            pieces = find_running(element)
            if "t-call" in element.attrib:
                pieces = chain(pieces, find_arguments(element))
            for piece in pieces:
                if not is_piece_of(piece, known):
                    raise refuse(piece)
        pieces = find_content(combined)
        if self.type != "qweb":
            pieces = chain(pieces, find_leaving(combined))
        for piece in pieces:
            if not is_piece_of(piece, known):
                raise refuse(piece)
