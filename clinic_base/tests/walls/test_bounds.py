import re

from odoo.exceptions import ValidationError
from odoo.modules.module import Manifest
from odoo.tests import TransactionCase, tagged

NUMBERS = ("integer", "float", "monetary")
# Numbers without an upper bound, and why.
FREE = {
    "sequence": "an order, which lists write by dragging",
    "color": "one of the palette, whatever the number",
    "clinic.patient.import.reject.line": "told to whoever reads it",
    "clinic.encounter.template.version.number": "counted by publishing",
    "clinic.encounter.revision": "compared with what is stored, and never stored",
    "clinic.refund.amount": "checked against the payment that is given back",
}
UPPER = r"{0}\b[^()]{{0,12}}(<=?|BETWEEN)|LEAST\([^()]*\b{0}\b|GREATEST\([^()]*\b{0}\b"


@tagged("post_install", "-at_install")
class TestBounds(TransactionCase):
    """Every number that somebody may write ends somewhere."""

    def get_numbers(self):
        """(model, field) of all numbers of the suite that are written by hand."""
        author = Manifest.for_addon("clinic_base")["author"]
        for model in self.env.values():
            if model._abstract or not model._auto or model._transient:
                continue
            if not self.is_written(model):
                continue
            engine = getattr(model, "_get_engine_fields", frozenset)()
            for name, field in model._fields.items():
                own = field._modules and all(
                    Manifest.for_addon(one)["author"] == author
                    for one in field._modules
                )
                written = field.store and not field.readonly and name not in engine
                if own and written and field.type in NUMBERS:
                    yield model, name

    def is_written(self, model):
        """Whether any role has an access row to make or change rows."""
        rows = self.env["ir.model.access"].search(
            [("model_id.model", "=", model._name)]
        )
        return any(row.perm_write or row.perm_create for row in rows)

    def is_bounded(self, model, name):
        if name in getattr(model, "_get_bounds", dict)():
            return True
        self.env.cr.execute(
            """
            SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
             WHERE c.conrelid = %s::regclass AND c.contype = 'c'
            """,
            [model._table],
        )
        column = re.compile(UPPER.format(re.escape(name)))
        return any(column.search(text) for (text,) in self.env.cr.fetchall())

    def test_a_number_beyond_its_bounds_is_refused(self):
        """Of every model with bounds, whatever its other checks say."""
        tried = 0
        for model in self.env.values():
            if model._abstract:
                continue
            bounds = getattr(model, "_get_bounds", dict)()
            for name, (low, high) in bounds.items():
                for value in (low - 1, high + 1):
                    tried += 1
                    others = {other: ends[0] for other, ends in bounds.items()}
                    with self.subTest(model=model, field=name, value=value):
                        with self.assertRaises(ValidationError):
                            model.new({**others, name: value})._check_bounds()
        self.assertGreater(tried, 60)

    def test_every_number_has_a_bound_or_a_reason(self):
        open_ = [
            f"{model._name}.{name}"
            for model, name in self.get_numbers()
            if name not in FREE
            and f"{model._name}.{name}" not in FREE
            and not self.is_bounded(model, name)
        ]
        self.assertFalse(open_, "\n".join(open_))
