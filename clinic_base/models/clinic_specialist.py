from odoo import fields, models


class ClinicSpecialist(models.Model):
    """Who receives patients: one resource in all companies, an employee in each."""

    _name = "clinic.specialist"
    _description = "Specialist"
    _inherit = ["clinic.resource.mixin", "clinic.archive.mixin", "avatar.mixin"]
    _order = "sequence, name, id"

    _resource_type = "user"

    name = fields.Char(required=True, index="trigram")
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    user_id = fields.Many2one("res.users", index=True, ondelete="restrict", copy=False)
    employee_ids = fields.One2many("hr.employee", "clinic_specialist_id")
    specialty_ids = fields.Many2many("clinic.specialty", string="Specialties")
    problem_category_ids = fields.Many2many(
        "clinic.problem.category",
        string="Takes",
        help="Problems that this specialist takes.",
    )
    refused_category_ids = fields.Many2many(
        "clinic.problem.category",
        "clinic_specialist_refused_category_rel",
        string="Refuses",
    )
    min_age = fields.Integer(help="Youngest patient received, in full years.")
    max_age = fields.Integer(
        default=120, help="Oldest patient received, in full years."
    )
    accepted_sex = fields.Selection(
        [("any", "Any"), ("male", "Male"), ("female", "Female")],
        required=True,
        default="any",
    )
    qualification = fields.Selection(
        [
            ("none", "None"),
            ("second", "Second"),
            ("first", "First"),
            ("highest", "Highest"),
        ],
        required=True,
        default="none",
        string="Qualification category",
    )
    room_ids = fields.Many2many(
        "clinic.room",
        "clinic_room_specialist_rel",
        "specialist_id",
        "room_id",
        string="Rooms",
    )
    service_line_ids = fields.One2many(
        "clinic.specialist.service", "specialist_id", string="Services"
    )
    is_published = fields.Boolean(string="On the site", default=True)
    public_title = fields.Char(translate=True, help="For instance: cardiologist, PhD.")
    public_text = fields.Text(translate=True, help="Shown to patients on the site.")
    experience_since = fields.Integer(string="Works since (year)")

    _user_uniq = models.UniqueIndex(
        "(user_id) WHERE user_id IS NOT NULL", "This user is a specialist already."
    )
    _ages_ordered = models.Constraint(
        "CHECK (min_age >= 0 AND max_age >= min_age)",
        "The oldest age cannot be below the youngest.",
    )
