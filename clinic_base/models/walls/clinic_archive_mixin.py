from lxml.builder import E

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Whoever may write a record may archive it, with its reason.
ARCHIVE_FIELDS = frozenset({"active", "archive_reason"})


class ClinicArchiveMixin(models.AbstractModel):
    """Business records are archived with a reason, never deleted.

    ``unlink()`` raises for everyone, the superuser included, and no context key lifts
    it: a client's context reaches every public method.
    """

    _name = "clinic.archive.mixin"
    _description = "Archive instead of delete"

    # False for parts of a sheet, which are switched off without a word about it.
    _archived_with_reason = True

    active = fields.Boolean(default=True)
    archive_reason = fields.Char(copy=False, readonly=True)
    archived_by_id = fields.Many2one("res.users", copy=False, readonly=True)
    archived_on = fields.Datetime(copy=False, readonly=True)

    def _filtered_kept(self):
        """Hook: the records that are kept; a model shared with others narrows it."""
        return self

    @api.model
    def _has_own_records(self, modules):
        """Hook: whether there are rows that none of ``modules`` (names) has brought.

        Such rows keep a module from being uninstalled. To be told by a model that a
        module fills otherwise than by records with external ids.
        """
        query = SQL(
            """
            SELECT FROM %(table)s held
             WHERE NOT EXISTS (SELECT FROM ir_model_data brought
                                WHERE brought.model = %(model)s
                                  AND brought.res_id = held.id
                                  AND brought.module = ANY(%(modules)s))
             LIMIT 1
            """,
            table=SQL.identifier(self._table),
            model=self._name,
            modules=modules,
        )
        return bool(self.env.execute_query(query))

    def unlink(self):
        if not self._filtered_kept():
            return super().unlink()
        raise UserError(
            self.env._(
                "%(model)s: records are kept. Archive the record instead of deleting"
                " it.",
                model=self.env["ir.model"]._get(self._name).sudo().name or self._name,
            )
        )

    def write(self, vals):
        """:raises UserError: if a kept record goes to the archive without a reason"""
        unexplained = not vals.get("active", True) and not vals.get("archive_reason")
        if unexplained and self._archived_with_reason and self._filtered_kept():
            self.check_access("write")
            self._raise_unexplained()
        ending = not vals.get("active", True) and self.filtered("active")
        result = super().write(self._prepare_archive_vals(vals))
        if ending:
            ending._settle_ties()
        return result

    def _get_ties(self):
        """Hook: sentences about what hangs on ``self`` and ends with it, to be read
        before it goes to the archive."""
        return []

    def _has_cancellable_ties(self):
        """Hook: whether people who wait for ``self`` may be told that it ends."""
        return False

    def _cancel_ties(self):
        """Hook: cancel what people wait for, and tell them; asked for by a person."""

    def _settle_ties(self):
        """Hook: ``self`` has gone to the archive by whatever way: nothing may be
        awaited any more where nobody is."""

    @api.model
    def _prepare_archive_vals(self, vals):
        """Note who archives and when; restoring clears the reason."""
        if "active" not in vals:
            return vals
        if vals["active"]:
            trace = {
                "archive_reason": False,
                "archived_by_id": False,
                "archived_on": False,
            }
        else:
            trace = {
                "archived_by_id": self.env.uid,
                "archived_on": self.env.cr.now(),
            }
        return {**trace, **vals}

    def action_archive(self):
        """Closed: the web client asks why first (``clinic.archive.wizard``)."""
        if not self._filtered_kept():
            return super().action_archive()
        return self._raise_unexplained()

    def _raise_unexplained(self):
        raise UserError(self.env._("Say why the record goes to the archive."))

    @api.private
    def archive_with_reason(self, reason):
        """Archive ``self`` and keep ``reason`` (text shown in the archive)."""
        return self.write({"active": False, "archive_reason": reason})

    # === VIEWS === #

    @api.model
    def _get_view_fields(self, view_type, models):
        """The web client knows by this field that a reason has to be asked for."""
        models = super()._get_view_fields(view_type, models)
        if view_type in ("form", "list", "kanban"):
            models[self._name].add("archive_reason")
        return models

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Every form of an archived record says why, by whom and when."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and not arch.xpath("//field[@name='archive_reason']"):
            sheet = arch.find("sheet")
            sheet = arch if sheet is None else sheet
            names = ("archive_reason", "archived_by_id", "archived_on")
            shown = (E.field(name=name, readonly="1") for name in names)
            group = E.group(*shown, invisible="active", col="6")
            sheet.insert(0, E.div({"class": "o_clinic_archived"}, group))
            sheet.insert(0, E.field(name="active", invisible="1"))
        return arch, view
