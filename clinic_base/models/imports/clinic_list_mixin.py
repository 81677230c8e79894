from odoo import api, models
from odoo.exceptions import UserError

from ...tools.list_rows import name_columns
from .name_lookup import AskedError


class ClinicListMixin(models.AbstractModel):
    """One kind of list that a former system exports: what its columns are, and what a
    row makes. Every row ends as made, known, asked (:class:`AskedError`) or refused
    (any UserError), and a second run of the same file finds all of them known.

    A module adds a kind by an abstract model of its own, named in
    ``clinic.list.import``, ``_get_kinds``.
    """

    _name = "clinic.list.mixin"
    _description = "Kind of list"

    # (field, pattern over folded titles); the first that fits wins.
    _rules = ()
    # Without it a sheet is none of this kind.
    _needed = "name"

    @api.model
    def _get_sample(self):
        """Hook: (titles, rows) of the file that people download."""
        raise NotImplementedError

    def _take(self, values, run, lookup):
        """Hook: make what a row says, with the caller's own rights; False if it is
        there already as it says.

        :param values: {field: text that is not empty}
        :param run: the ``clinic.list.import``, which knows the company and the like
        :param lookup: the :class:`.name_lookup.NameLookup` of this file
        :raises AskedError, UserError: why it is not made
        """
        raise NotImplementedError

    def _finish(self, run, taken, lookup):
        """Hook: what is made of all rows together; returns a sentence to be told.

        :param taken: values of the rows that were made
        """
        return ""

    def _tell_rest(self, run, rest):
        """Hook: sentences about the rows that were not made.

        :param rest: {state of their lines: [values]}
        """
        return []

    # === WHAT A ROW SAYS === #

    @api.model
    def _find_titles(self, titles):
        """Hook: the field of each title; None if the line holds no titles."""
        columns = name_columns(titles, self._rules)
        fits = self._needed in columns and len(set(columns) - {None}) > 1
        return columns if fits else None

    @api.model
    def _read(self, values, name, read, default=None):
        """``values[name]`` as ``read`` understands it.

        :raises UserError: it is not understood; names the column
        """
        if name not in values:
            return default
        try:
            return read(values[name])
        except (ValueError, ArithmeticError) as error:
            raise UserError(
                self.env._(
                    "“%(value)s” is not understood (%(column)s).",
                    value=values[name],
                    column=self._get_column_labels().get(name, name),
                )
            ) from error

    @api.model
    def _get_column_labels(self):
        """{field: title as in the sample}."""
        titles, _rows = self._get_sample()
        return dict(zip(self._get_columns(), titles, strict=True))

    @api.model
    def _get_columns(self):
        """Fields in the order of the sample."""
        return [field for field, _rule in self._rules]

    def _compare(self, record, wanted):
        """False if ``record`` is as ``wanted`` says.

        :raises AskedError: it says otherwise; nothing that is there is overwritten
        """
        other = [
            name
            for name, value in wanted.items()
            if (record[name].ids if record._fields[name].relational else record[name])
            != (value.ids if record._fields[name].relational else value)
        ]
        if other:
            labels = (
                record._fields[name]._description_string(self.env) for name in other
            )
            raise AskedError(
                self.env._(
                    "“%(name)s” is there and says otherwise: %(fields)s.",
                    name=record.display_name,
                    fields=", ".join(labels),
                )
            )
        return False
