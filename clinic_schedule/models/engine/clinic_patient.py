from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.states import MOVABLE

# A visit that took place or that somebody else has booked makes the patient one of the
# branch's company; one's own booking does so when the patient has come.
CAME = ("arrived", "in_progress", "done")
COMING = ("booked", "confirmed")


class ClinicPatient(models.Model):
    _inherit = "clinic.patient"

    is_company_patient = fields.Boolean(
        string="Patient of these companies",
        compute="_compute_is_company_patient",
        search="_search_is_company_patient",
        help="Has been, or is going to be, at a branch of the companies that you work"
        " in. For record rules.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_company_patient(self):
        ours = self.browse()
        if self._origin.ids:
            own = Domain("patient_id", "in", self._origin.ids)
            # Sudo: what visits say to the rules, which must not ask for rights.
            visits = self.env["clinic.appointment"].sudo()
            ours = visits.search(own & self._get_company_visit_domain()).patient_id
        for patient in self:
            patient.is_company_patient = patient._origin in ours

    @api.model
    def _search_is_company_patient(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        # Sudo: as above.
        visits = self.env["clinic.appointment"].sudo()
        found = visits._search(self._get_company_visit_domain(), order="id")
        patients = found.subselect(SQL.identifier(visits._table, "patient_id"))
        return Domain("id", "in", patients)

    @api.model
    def _get_company_visit_domain(self):
        """Visits by which a patient belongs to the companies that the user works in."""
        by_others = Domain("placed_by_id", "!=", self.env.uid)
        return Domain("company_id", "in", self.env.companies.ids) & (
            Domain("state", "in", CAME) | Domain("state", "in", COMING) & by_others
        )

    def _get_merge_summary(self):
        counts = dict(
            self.env["clinic.appointment"]._read_group(
                [("patient_id", "=", self.id)], ["state"], ["__count"]
            )
        )
        coming = sum(count for state, count in counts.items() if state in MOVABLE)
        return [
            *super()._get_merge_summary(),
            (self.env._("Coming visits"), str(coming), False),
            (self.env._("Visits in all"), str(sum(counts.values())), False),
        ]

    def _get_personal_data(self):
        # With the caller's rights: each company hands out what it keeps.
        own = self.env["clinic.appointment"].search(
            [("patient_id", "in", self._get_aliases().ids)]
        )
        rows = [
            {
                "start": visit.start,
                "stop": visit.stop,
                "state": visit.state,
                "branch": visit.branch_id.name,
                "specialist": visit.specialist_id.name,
                "service": visit.service_id.name,
            }
            for visit in own
        ]
        return {**super()._get_personal_data(), "visits": rows}

    def _get_initials(self):
        """First letters of the name's parts, as in “I. P.”; empty without a patient."""
        return " ".join(f"{part[0]}." for part in (self.name or "").split()[:3])

    def find_family(self):
        """For whom the owner of this card may be calling: relatives, the same phone.

        :return: list of {id, name, age, why, may_book}; ``why`` says in words what
            joins the cards, ``may_book`` whether this patient may book for them
        """
        self.check_access("read")
        self.ensure_one()
        family = {}
        relations = self._find_relations()
        booking = relations._filtered_right("may_book")
        for relation in relations:
            calls = relation.related_id == self
            other = relation.patient_id if calls else relation.related_id
            kind = dict(relation._fields["kind"]._description_selection(self.env))[
                relation.kind
            ]
            why = self.env._("caller: %(kind)s", kind=kind) if calls else kind
            known = family.get(other)
            if not known or calls:
                family[other] = (why, calls and relation in booking)
        for other in self._find_same_phone():
            family.setdefault(other, (self.env._("same phone"), False))
        return [
            {
                "id": other.id,
                "name": other.name,
                "age": other.age_text or "",
                "why": why,
                "may_book": may_book,
            }
            for other, (why, may_book) in sorted(
                family.items(), key=lambda item: (not item[1][1], item[0].name or "")
            )
            if other.active
        ]

    def _find_relations(self):
        """Relations in force today, whichever side this card is on."""
        today = self.env.company._get_clinic_today()
        return self.env["clinic.patient.relation"].search(
            [
                ("date_from", "<=", today),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", today),
                "|",
                ("patient_id", "=", self.id),
                ("related_id", "=", self.id),
            ]
        )

    def _find_same_phone(self):
        """Other cards with one of the numbers of this one."""
        phones = self.env["clinic.patient.phone"].search(
            [("number_e164", "in", self.phone_ids.mapped("number_e164"))]
        )
        return phones.patient_id - self
