from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.authority import medical_job

GROUP = "clinic_base.group_registrar_chief"


class ClinicPatientMerge(models.Model):
    """Two cards of one person became one: what was moved, so that it can be undone.

    The merged card stays as an archived alias and its number still finds the person.
    Live references move. What must keep its patient stays: a model says what may move
    by ``_get_patient_merge_domain(kept)`` (posted entries, signed records), and a row
    that
    a rule of the database refuses stays too.
    """

    _name = "clinic.patient.merge"
    _description = "Merge of cards"
    _inherit = ["clinic.archive.mixin"]
    _order = "id desc"
    _rec_name = "merged_id"

    kept_id = fields.Many2one(
        "clinic.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    merged_id = fields.Many2one(
        "clinic.patient", required=True, readonly=True, index=True, ondelete="restrict"
    )
    merged_card_number = fields.Char(
        related="merged_id.card_number", string="Number of the merged card"
    )
    kept_card_number = fields.Char(
        related="kept_id.card_number", string="Number of the kept card"
    )
    moves = fields.Json(readonly=True, help="Model, field and ids of what was moved.")
    moved_count = fields.Integer(string="Moved", readonly=True)
    undone_on = fields.Datetime(readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    @api.model
    def _merge(self, kept, merged):
        """Make ``merged`` an alias of ``kept``; returns the log record.

        :raise AccessError: for anyone but a chief registrar
        :raise UserError: if one of them is merged already, or they are the same
        """
        self._check_may_merge()
        if kept == merged or kept.merged_into_id or merged.merged_into_id:
            raise UserError(self.env._("One of these cards is merged already."))
        moves = []
        # Sudo: the right to merge is checked above; the rows belong to many models,
        # medical ones too, of which nothing is read but who the patient is.
        with medical_job("merge of cards"):
            for records, name, new in self.sudo()._get_references(kept, merged):
                moves += self._move(records, name, new)
            merged.sudo().write(
                {
                    "merged_into_id": kept.id,
                    "active": False,
                    "archive_reason": self.env._(
                        "Merged into card %(number)s", number=kept.card_number
                    ),
                }
            )
        return self.sudo().create(
            {
                "kept_id": kept.id,
                "merged_id": merged.id,
                "moves": moves,
                "moved_count": sum(len(move["ids"]) for move in moves),
            }
        )

    def action_undo(self):
        """Give the merged card back what still stands on the kept one."""
        self._check_may_merge()
        for merge in self.sudo().filtered(lambda merge: not merge.undone_on):
            with medical_job("merge of cards undone"):
                merge._move_back()
                merge.merged_id.write({"merged_into_id": False, "active": True})
                merge._reopen_pair()
            merge.write(
                {"undone_on": fields.Datetime.now(), "undone_by_id": self.env.uid}
            )

    def _move_back(self):
        for move in self.moves or []:
            if move["model"] not in self.env:
                continue  # its module was removed
            records = self.env[move["model"]].browse(move["ids"]).exists()
            field = records._fields[move["field"]]
            new, old = self._get_ends(field)
            records = records.filtered(lambda r, f=field, new=new: r[f.name] == new)
            self._move(records, field.name, old)

    def _reopen_pair(self):
        """The two cards are candidates again: the search skips pairs that it knows."""
        older, newer = (self.kept_id | self.merged_id).sorted("id")
        self.env["clinic.patient.duplicate"].search(
            [
                ("patient_id", "=", older.id),
                ("other_id", "=", newer.id),
                ("state", "=", "merged"),
            ]
        ).state = "open"

    def _get_ends(self, field):
        ends = self.kept_id, self.merged_id
        if field.comodel_name == "res.partner":
            return ends[0].partner_id, ends[1].partner_id
        return ends

    def _check_may_merge(self):
        if not self.env.user.has_group(GROUP):
            raise AccessError(self.env._("Only a chief registrar merges cards."))

    @api.model
    def _get_references(self, kept, merged):
        """``(records, field name, new)`` for all that may move.

        Relations first: who pays for whom hangs on them, and visits on the cards.
        """
        order = {"clinic.patient.relation": 0, "clinic.patient": 1}
        for model in sorted(
            self.env.values(), key=lambda model: order.get(model._name, 2)
        ):
            if model._abstract or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if not self._is_movable(model, field):
                    continue
                partner = field.comodel_name == "res.partner"
                old = merged.partner_id if partner else merged
                new = kept.partner_id if partner else kept
                records = model.with_context(active_test=False).search(
                    [(field.name, "=", old.id), *self._get_movable_domain(model, kept)]
                )
                if records:
                    yield records, field.name, new

    @api.model
    def _is_movable(self, model, field):
        """Links to the patient anywhere; links to the contact on the suite's models."""
        if (
            field.type != "many2one"
            or not field.store
            or field.related
            or field.compute
        ):
            return False
        if (
            model._name
            in (
                self._name,
                "clinic.patient.duplicate",
            )
            or field.name == "merged_into_id"
        ):
            return False
        if field.comodel_name == "res.partner":
            return model._name.startswith("clinic.") and field.name != "partner_id"
        return field.comodel_name == "clinic.patient"

    @api.model
    def _get_movable_domain(self, model, kept):
        hook = getattr(model, "_get_patient_merge_domain", None)
        return hook(kept) if hook else []

    @api.model
    def _move(self, records, name, new):
        """Point ``records`` to ``new``; those that a rule refuses stay as they are."""
        moved = records.filtered(lambda record: self._try_move(record, name, new))
        if not moved:
            return []
        return [{"model": records._name, "field": name, "ids": moved.ids}]

    def _try_move(self, record, name, new):
        try:
            with self.env.cr.savepoint():
                record.write({name: new.id})
        except (UserError, DatabaseError):
            record.invalidate_recordset()
            return False
        return True
