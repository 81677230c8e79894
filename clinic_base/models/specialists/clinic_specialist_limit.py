from odoo import api, fields, models

# The one place that knows when a limit forbids a visit. Search and booking ask it from
# their own statements, where a question for each row in Python would cost too much.
REFUSES = """
CREATE OR REPLACE FUNCTION clinic_specialist_refuses(
    specialist int, day date, age int, sex varchar, known boolean, remote boolean,
    service int)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
           SELECT FROM clinic_specialist_limit l
            WHERE l.active
              AND l.specialist_id = $1
              AND daterange(l.date_from, l.date_to, '[]') @> $2
              AND ($3 < l.min_age
                   OR $3 > NULLIF(l.max_age, 0)
                   OR l.accepted_sex <> 'any' AND $4 <> l.accepted_sex
                   OR l.visits = 'repeat' AND NOT $5
                   OR l.place = 'clinic' AND $6
                   OR l.place = 'remote' AND NOT $6
                   OR EXISTS (SELECT FROM clinic_specialist_limit_service_rel r
                               WHERE r.limit_id = l.id AND r.product_id = $7)))
$$
"""


class ClinicSpecialistLimit(models.Model):
    """What a specialist does not take between two days, besides the lasting rules of
    the profile: patients of other ages, first visits, some services."""

    _name = "clinic.specialist.limit"
    _description = "Temporary limit of a specialist"
    _inherit = ["clinic.archive.mixin", "clinic.bounds.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "note"

    specialist_id = fields.Many2one(
        "clinic.specialist", required=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    date_to = fields.Date(string="Until", help="This day included. Empty: for good.")
    min_age = fields.Integer(
        string="From age", help="Younger patients are not received."
    )
    max_age = fields.Integer(
        string="To age", help="Older patients are not received. 0: no limit."
    )
    accepted_sex = fields.Selection(
        [("any", "Any"), ("male", "Male"), ("female", "Female")],
        string="Sex",
        required=True,
        default="any",
    )
    visits = fields.Selection(
        [("any", "All visits"), ("repeat", "No first visits")],
        required=True,
        default="any",
    )
    place = fields.Selection(
        [
            ("any", "Clinic and video"),
            ("clinic", "In the clinic only"),
            ("remote", "By video only"),
        ],
        required=True,
        default="any",
    )
    refused_service_ids = fields.Many2many(
        "product.product",
        "clinic_specialist_limit_service_rel",
        "limit_id",
        "product_id",
        string="Refused services",
        domain=[("is_clinic_service", "=", True)],
    )
    note = fields.Char(string="Why", help="Seen by staff only.")

    _days_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "A limit cannot end before it begins."
    )
    _ages_ordered = models.Constraint(
        "CHECK (min_age >= 0 AND (max_age = 0 OR max_age >= min_age))",
        "The oldest age cannot be below the youngest.",
    )

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "min_age": (0, 150),
            "max_age": (0, 150),
        }

    def init(self):
        result = super().init()
        self.env.cr.execute(REFUSES)
        return result

    @api.depends("specialist_id", "date_from", "date_to")
    def _compute_display_name(self):
        for limit in self:
            days = " – ".join(
                day.strftime("%d.%m.%Y")
                for day in (limit.date_from, limit.date_to)
                if day
            )
            limit.display_name = f"{limit.specialist_id.name}: {days}"
