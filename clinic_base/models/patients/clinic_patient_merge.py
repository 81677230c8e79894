from psycopg2 import Error as DatabaseError
from psycopg2.errors import ExclusionViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tools.authority import medical_job

GROUP = "clinic_base.group_registrar_chief"


class ClinicPatientMerge(models.Model):
    """Two cards of one person became one: what was moved, so that it can be undone.

    The merged card stays as an archived alias and its number still finds the person.
    Live references move, and what only the merged card knows fills the blanks of the
    kept one. What must keep its patient stays: a model says what may move by
    ``_get_patient_merge_domain(kept)`` (posted entries, signed records). A row that may
    move and is refused ends the merge with the reason: nothing is left behind unsaid.
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
    filled = fields.Json(
        readonly=True, help="Fields of the kept card that were blank before."
    )
    undone_on = fields.Datetime(readonly=True)
    undone_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")

    @api.model
    def _merge(self, kept, merged):
        """Make ``merged`` an alias of ``kept``; returns the log record.

        :raise AccessError: for anyone but a chief registrar
        :raise UserError: if one of them is merged already, or they are the same
        """
        self._check_may_merge()
        kept, merged = self._lock_cards(kept, merged)
        if kept == merged or kept.merged_into_id or merged.merged_into_id:
            raise UserError(self.env._("One of these cards is merged already."))
        self._check_not_closed(kept, merged)
        self._check_not_related(kept, merged)
        moves = []
        # Sudo: the right to merge is checked above; the rows belong to many models,
        # medical ones too, of which nothing is read but who the patient is.
        with medical_job("merge of cards"):
            for records, names in self.sudo()._get_references(kept, merged):
                moves += self._move(records, names, kept, merged)
            filled = self._fill_blanks(kept.sudo(), merged.sudo())
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
                "filled": filled,
            }
        )

    @api.model
    def _check_not_closed(self, kept, merged):
        """:raises UserError: personal data of one of the cards are blocked or erased"""
        if (kept | merged).sudo().filtered("closed"):
            raise UserError(self.env._("One of these cards is blocked or erased."))

    @api.model
    def _check_not_related(self, kept, merged):
        """:raises UserError: the cards are noted as relatives, and so two people"""
        cards = (kept | merged).ids
        if self.env["clinic.patient.relation"].search_count(
            [("patient_id", "in", cards), ("related_id", "in", cards)], limit=1
        ):
            raise UserError(
                self.env._(
                    "These cards are noted as relatives of each other. If they are one"
                    " person, archive the relation first."
                )
            )

    @api.model
    def _lock_cards(self, kept, merged):
        """The two cards as committed by now; whoever else merges one of them waits."""
        cards = kept | merged
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id FROM clinic_patient WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
            [cards.ids],
        )
        cards.invalidate_recordset(["merged_into_id", "active", "closed"])
        return kept, merged

    def action_undo(self):
        """Give the merged card back what still stands on the kept one."""
        self._check_may_merge()
        for merge in self.sudo():
            self._lock_cards(merge.kept_id, merge.merged_id)
            merge.invalidate_recordset(["undone_on"])
            if merge.undone_on:
                continue
            self._check_not_closed(merge.kept_id, merge.merged_id)
            self._check_kept_stands(merge.kept_id)
            with medical_job("merge of cards undone"):
                merge._move_back()
                merge.merged_id.write({"merged_into_id": False, "active": True})
                merge._reopen_pair()
            merge.write({"undone_on": self.env.cr.now(), "undone_by_id": self.env.uid})

    @api.model
    def _check_kept_stands(self, kept):
        """:raises UserError: the kept card was merged too, and has nothing to give"""
        if kept.merged_into_id:
            raise UserError(
                self.env._(
                    "The card %(kept)s was merged into %(later)s afterwards: undo that"
                    " first.",
                    kept=kept.card_number,
                    later=kept.merged_into_id.card_number,
                )
            )

    def _move_back(self):
        """Give back what still stands on the kept card as it was moved and filled."""
        for move in self.moves or []:
            if move["model"] not in self.env:
                continue  # its module was removed
            records = self.env[move["model"]].browse(move["ids"]).exists()
            names = move.get("fields") or [move["field"]]
            for record in records:
                still = [
                    name
                    for name in names
                    if record[name] == self._get_ends(record._fields[name])[0]
                ]
                if still:
                    self._move(record, still, self.merged_id, self.kept_id)
        blank = {
            name: False
            for name in self.filled or []
            if self.kept_id[name] == self.merged_id[name]
        }
        if blank:
            self.kept_id.write(blank)

    @api.model
    def _fill_blanks(self, kept, merged):
        """Names of the fields of ``kept`` that ``merged`` alone knew."""
        names = [
            name for name in kept._get_merge_fields() if merged[name] and not kept[name]
        ]
        if merged.payer_id == kept.partner_id:
            names = [name for name in names if name != "payer_id"]
        # A number without its kind says nothing.
        if "document_number" not in names:
            names = [name for name in names if name != "document_type"]
        values = {
            name: merged[name].id if merged._fields[name].relational else merged[name]
            for name in names
        }
        if values:
            kept.write(values)
        return names

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
        """``(records, names of the fields that point to merged)`` for all that may
        move.

        Relations first: who pays for whom hangs on them, and visits on the cards; what
        is taken follows the visits.
        """
        order = {"clinic.patient.relation": 0, "clinic.patient": 1}
        for model in sorted(
            self.env.values(), key=lambda model: order.get(model._name, 2)
        ):
            names = self._get_movable_fields(model)
            pointing = {}
            for name in names:
                partner = model._fields[name].comodel_name == "res.partner"
                old = merged.partner_id if partner else merged
                records = model.with_context(active_test=False).search(
                    [(name, "=", old.id), *self._get_movable_domain(model, kept)]
                )
                for record in records:
                    pointing.setdefault(record.id, []).append(name)
            for group in sorted(set(map(tuple, pointing.values()))):
                ids = [id_ for id_, found in pointing.items() if tuple(found) == group]
                yield model.browse(sorted(ids)), list(group)

    @api.model
    def _get_movable_fields(self, model):
        if model._abstract or not model._auto or model._transient:
            return []
        return [
            field.name
            for field in model._fields.values()
            if self._is_movable(model, field)
        ]

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
        if model._name in (self._name, "clinic.patient.duplicate"):
            return False
        if field.comodel_name == "res.partner":
            return model._name.startswith("clinic.") and field.name != "partner_id"
        return field.comodel_name == "clinic.patient"

    @api.model
    def _get_movable_domain(self, model, kept):
        hook = getattr(model, "_get_patient_merge_domain", None)
        return hook(kept) if hook else []

    @api.model
    def _move(self, records, names, new, old):
        """Point ``records`` from ``old`` to ``new``; all of them, or none.

        :raises UserError: one of them is refused; says which, and why
        """
        vals = {
            name: (
                new.partner_id
                if records._fields[name].comodel_name == "res.partner"
                else new
            ).id
            for name in names
        }
        writing = records
        if as_engine := getattr(records, "_as_engine", None):
            writing = as_engine()
        for record in writing:
            try:
                with self.env.cr.savepoint():
                    record.write(vals)
                    record.flush_recordset()
                    if after := getattr(record, "_after_patient_moved", None):
                        after(old)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except (UserError, DatabaseError) as error:
                self._raise_refused(record, error)
        return [{"model": records._name, "fields": names, "ids": records.ids}]

    @api.model
    def _raise_refused(self, record, error):
        kind = self.env["ir.model"]._get(record._name).name
        if isinstance(error, ExclusionViolation):
            reason = self.env._("both cards have something at the same time.")
        elif isinstance(error, DatabaseError):
            reason = self.env._("both cards have it, and there can be only one.")
        else:
            reason = error.args[0]
        raise UserError(
            self.env._(
                "The cards cannot be merged yet. %(kind)s, %(name)s: %(reason)s",
                kind=kind,
                name=self._describe(record),
                reason=reason,
            )
        ) from error

    @api.model
    def _describe(self, record):
        """Its name, and when it begins if it takes time."""
        if record._fields.get("start") is None:
            return record.display_name
        start = fields.Datetime.context_timestamp(self, record.start)
        return f"{record.display_name}, {start:%d.%m.%Y %H:%M}"
