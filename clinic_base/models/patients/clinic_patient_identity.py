from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import documents
from ...tools.identity import Identity, judge
from ...tools.letters import fold
from ...tools.person_name import NAME_PARTS, split_name

# Candidates of which most are told apart by a look at their documents.
CANDIDATES = 30
DUPLICATES_SHOWN = 5


class ClinicPatient(models.Model):
    """Whose card it is, as ``tools/identity.py`` compares, and who may be the same."""

    _inherit = "clinic.patient"

    duplicate_ids = fields.Many2many(
        "clinic.patient",
        compute="_compute_duplicate_ids",
        string="Similar cards",
        help="Cards that may be the same person's.",
    )

    @api.depends(
        *("name", "birthdate", "snils", "oms_policy", "dms_policy", "document_number"),
        *("phone_ids.number_e164", "relation_ids.related_id"),
    )
    def _compute_duplicate_ids(self):
        """Whoever a registrar writes down may be called by a short name: candidates
        are asked about all but their names."""
        for patient in self:
            domain = patient._get_duplicate_domain()
            found = self.browse()
            if not domain.is_false():
                others = domain & Domain("id", "!=", patient._origin.id or 0)
                found = self.search(others, limit=CANDIDATES)
            mine = patient._get_identity()
            alike = found.filtered(
                lambda card, mine=mine: judge(mine, card._get_identity().called(mine))
            )
            patient.duplicate_ids = alike[:DUPLICATES_SHOWN]

    def _get_identity(self):
        """Of a card that is still being written too."""
        self.ensure_one()
        names = [fold(self[part]) for part in NAME_PARTS]
        if not any(names):
            names = map(fold, split_name(self.name or ""))
        related = self.relation_ids.filtered("active").related_id
        return Identity(
            *names,
            birthdate=self.birthdate or None,
            snils=self._get_written("snils"),
            oms_policy=self._get_written("oms_policy"),
            document=self._get_written("document_number"),
            phones=frozenset(filter(None, self.phone_ids.mapped("number_e164"))),
            card_number=self.card_number if self.card_number != "/" else "",
            relatives=frozenset(related.mapped("card_number")) - {False, "/"},
        )

    def _get_written(self, name):
        """A number as the card will have it, nothing while it is half typed."""
        form = self._get_document_formats(self.document_type).get(name, str)
        try:
            return form(self[name]) if self[name] else ""
        except ValueError:
            return ""

    def _get_duplicate_domain(self):
        """Candidates; every branch of it has an index."""
        self.ensure_one()
        same = [Domain.FALSE]
        numbers = [number for number in self.phone_ids.mapped("number_e164") if number]
        if self.name:
            # A family shares its phone and its voluntary policy: the first name tells
            # the people apart.
            first_name = split_name(fold(self.name)).first_name
            namesake = Domain("search_name", "like", f" {first_name} ") | Domain(
                "search_name", "=like", f"% {first_name}"
            )
            if numbers:
                same.append(Domain("phone_ids.number_e164", "in", numbers) & namesake)
            if self.dms_policy:
                same.append(Domain("dms_policy", "=", self.dms_policy) & namesake)
        if self.snils:
            same.append(Domain("snils", "=", self.snils))
        if self.oms_policy:
            number = documents.digits_of(self.oms_policy)
            same.append(Domain("oms_policy", "=", number))
        if self.birthdate and self.name:
            same.append(
                Domain("birthdate", "=", self.birthdate)
                & Domain(
                    "search_name", "=like", split_name(fold(self.name)).last_name + "%"
                )
            )
        return Domain.OR(same)
