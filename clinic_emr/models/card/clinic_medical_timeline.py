from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.clinic_base.tools.walltime import to_utc

# Kind: model, the field that its rows are ordered by, more conditions.
SOURCES = {
    "visit": (
        "clinic.appointment",
        "start",
        [("state", "not in", ("hold", "expired"))],
    ),
    "protocol": ("clinic.encounter", "date", []),
    "diagnosis": ("clinic.diagnosis", "date", []),
    "prescription": ("clinic.prescription", "date", []),
    "referral": ("clinic.referral", "date", []),
    "order": ("clinic.order", "date", []),
    "plan": ("clinic.treatment.plan", "date", []),
    "observation": ("clinic.observation", "date", [("status", "!=", "corrected")]),
    "file": ("clinic.encounter.file", "date", []),
}
LONGEST_PAGE = 100
# Letters of a text that a row shows.
EXCERPT = 300


class ClinicMedicalCard(models.Model):
    """The timeline: all that is known of a patient, newest first."""

    _inherit = "clinic.medical.card"

    def get_timeline(
        self,
        kinds=None,
        date_from=None,
        date_to=None,
        search="",
        offset=0,
        limit=30,
    ):
        """A page of what the user may read, newest first.

        The number of queries hangs on the kinds, not on the rows. A search reads the
        texts of all rows in the period, for they lie encrypted in the database.

        :param kinds: names of :meth:`_get_timeline_sources`; none: all of them
        :param date_from: first day (ISO 8601) in the user's zone, or none
        :param date_to: last day, likewise
        :param search: words that a row has to hold, all of them
        :return: ``{rows: [{kind, id, date (ISO 8601, UTC), title, text, state,
            state_label, who, model, res_id, url}], more: bool}``
        :raises UserError: for values of other types
        """
        self.ensure_one()
        self.check_access("read")
        try:
            offset = max(int(offset), 0)
            limit = min(max(int(limit), 1), LONGEST_PAGE)
            sources = self._get_timeline_sources()
            kinds = [kind for kind in sources if not kinds or kind in kinds]
            period = self._get_period(date_from, date_to)
            words = (search or "").casefold().split()
        except (AttributeError, OverflowError, TypeError, ValueError) as error:
            raise UserError(
                self.env._("The period or the search cannot be read.")
            ) from error
        if not words:
            found = self._find_entries(kinds, period, offset, limit + 1)
            rows = [row for _text, row in self._render_entries(found[:limit])]
            return {"rows": rows, "more": len(found) > limit}
        rows = [
            row
            for text, row in self._render_entries(self._find_entries(kinds, period))
            if all(word in text for word in words)
        ]
        page = rows[offset : offset + limit]
        return {"rows": page, "more": len(rows) > offset + limit}

    @api.model
    def _get_timeline_sources(self):
        """Door: kinds of rows, as in ``SOURCES``; each is drawn by ``_render_<kind>``.

        The words of a new kind are added to the registry ``clinic_timeline_kinds``.
        """
        return SOURCES

    @api.model
    def _get_period(self, date_from, date_to):
        """First moment in, first moment out, in naive UTC; None where open."""
        tz = self.env.user.tz or "UTC"
        day_from, day_to = map(fields.Date.to_date, (date_from, date_to))
        return (
            day_from and to_utc(day_from, 0, tz),
            day_to and to_utc(fields.Date.add(day_to, days=1), 0, tz),
        )

    def _find_entries(self, kinds, period, offset=0, limit=None):
        """``[(kind, id, date)]`` under the record rules of the user, in one query.

        Measurements of one moment are one entry.
        """
        parts = [self._get_entry_query(kind, period) for kind in kinds]
        query = SQL(
            "SELECT kind, id, date FROM (%s) entries"
            " ORDER BY date DESC, place, id DESC OFFSET %s LIMIT %s",
            SQL(" UNION ALL ").join(SQL("(%s)", part) for part in parts),
            offset,
            limit,
        )
        return self.env.execute_query(query)

    def _get_entry_query(self, kind, period):
        sources = self._get_timeline_sources()
        name, field, conditions = sources[kind]
        model = self.env[name]
        cards = self.patient_id._get_aliases()
        domain = Domain("patient_id", "in", cards.ids) & Domain(conditions)
        start, stop = period
        if start:
            domain &= Domain(field, ">=", start)
        if stop:
            domain &= Domain(field, "<", stop)
        model.check_access("read")
        model.flush_model()
        query = model._search(domain)
        query.order = None
        date = SQL.identifier(model._table, field)
        row_id = SQL.identifier(model._table, "id")
        if kind == "observation":
            query.groupby = date
            row_id = SQL("min(%s)", row_id)
        return query.select(
            SQL("%s AS kind", kind),
            SQL("%s AS id", row_id),
            SQL("%s AS date", date),
            SQL("%s AS place", list(sources).index(kind)),
        )

    # === ROWS === #

    def _render_entries(self, entries):
        """``[(whole text in lower case, row)]`` for ``[(kind, id, date)]`` in their
        order, each kind read at once."""
        rows, texts = {}, {}
        for kind, (name, _field, _conditions) in self._get_timeline_sources().items():
            ids = [row_id for own, row_id, _date in entries if own == kind]
            if not ids:
                continue
            render = getattr(self, f"_render_{kind}")
            for record, row in render(self.env[name].browse(ids)):
                row = self._complete_row(kind, record, row)
                parts = (row["title"], row["text"], row["who"])
                texts[kind, record.id] = " ".join(parts).casefold()
                rows[kind, record.id] = row
        rendered = []
        readable = self._get_readable_protocols(rows.values())
        for kind, row_id, date in entries:
            row = rows[kind, row_id]
            if row["model"] == "clinic.encounter" and row["res_id"] not in readable:
                row["res_id"] = False
            if len(row["text"]) > EXCERPT:
                row["text"] = f"{row['text'][:EXCERPT]}…"
            row["date"] = f"{date.isoformat()}Z"
            rendered.append((texts[kind, row_id], row))
        return rendered

    @api.model
    def _complete_row(self, kind, record, row):
        state = "state" in record._fields and record.state
        labels = {}
        if state:
            labels = dict(record._fields["state"]._description_selection(self.env))
        return {
            "title": "",
            "text": "",
            "who": "",
            "url": False,
            "model": "clinic.encounter",
            "res_id": False,
            **row,
            "kind": kind,
            "id": record.id,
            "state": state or "",
            "state_label": labels.get(state, ""),
        }

    @api.model
    def _get_readable_protocols(self, rows):
        """Ids of protocols that the user may open."""
        ids = {row["res_id"] for row in rows if row["model"] == "clinic.encounter"}
        return set(self.env["clinic.encounter"].search([("id", "in", list(ids))]).ids)

    @api.model
    def _render_visit(self, visits):
        for visit in visits:
            yield (
                visit,
                {
                    "title": visit.service_id.name or "",
                    "who": visit.specialist_id.name or "",
                    "model": "clinic.appointment",
                    "res_id": visit.id,
                },
            )

    @api.model
    def _render_protocol(self, encounters):
        for encounter in encounters:
            yield (
                encounter,
                {
                    "title": encounter.display_name,
                    "text": encounter.conclusion or "",
                    "who": encounter.specialist_id.name,
                    "res_id": encounter.id,
                },
            )

    @api.model
    def _render_diagnosis(self, diagnoses):
        kinds = dict(diagnoses._fields["kind"]._description_selection(self.env))
        for diagnosis in diagnoses:
            yield (
                diagnosis,
                {
                    "title": diagnosis.icd10_id.display_name,
                    "text": kinds[diagnosis.kind],
                    "res_id": diagnosis.encounter_id.id,
                },
            )

    @api.model
    def _render_prescription(self, lines):
        for line in lines:
            parts = (line.drug, line.form, line.dose, line.quantity)
            yield (
                line,
                {
                    "title": " ".join(filter(None, parts)),
                    "text": line.directions or "",
                    "who": line.specialist_id.name,
                    "res_id": line.encounter_id.id,
                },
            )

    @api.model
    def _render_referral(self, referrals):
        for referral in referrals:
            to = referral.to_specialist_id or referral.specialty_id
            yield (
                referral,
                {
                    "title": (to or referral.service_id).display_name,
                    "text": referral.reason or "",
                    "who": referral.specialist_id.name,
                    "res_id": referral.encounter_id.id,
                },
            )

    @api.model
    def _render_order(self, orders):
        for order in orders:
            yield (
                order,
                {
                    "title": order.service_id.name,
                    "text": "\n".join(filter(None, (order.note, order.result))),
                    "who": order.specialist_id.name,
                    "res_id": order.encounter_id.id,
                },
            )

    @api.model
    def _render_plan(self, plans):
        for plan in plans:
            yield (
                plan,
                {
                    "title": plan.goal or "",
                    "text": plan.reasons or "",
                    "who": plan.specialist_id.name,
                    "model": "clinic.treatment.plan",
                    "res_id": plan.id,
                },
            )

    def _render_observation(self, firsts):
        """One row per moment; ``firsts`` holds the first value of each."""
        moments = self.env["clinic.observation"].search(
            [
                ("patient_id", "in", self.patient_id._get_aliases().ids),
                ("status", "!=", "corrected"),
                ("date", "in", list(set(firsts.mapped("date")))),
            ],
            order="id",
        )
        together = moments.grouped("date")
        for first in firsts:
            values = together[first.date]
            named = [
                (value.type_id.short_name or value.type_id.name, value)
                for value in values
                if value.value_text
            ]
            yield (
                first,
                {
                    "title": self.env._("Measurements"),
                    "text": ", ".join(
                        f"{name} {value.value_text} {value.unit}".strip()
                        for name, value in named
                    ),
                    "res_id": first.encounter_id.id,
                },
            )

    @api.model
    def _render_file(self, files):
        for file in files:
            yield (
                file,
                {
                    "title": file.title or file.display_name,
                    "url": f"/clinic/encounter/file/{file.id}",
                    "res_id": file.encounter_id.id,
                },
            )
