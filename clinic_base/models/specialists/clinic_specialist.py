from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...tools import authority


class ClinicSpecialist(models.Model):
    """Who receives patients: one resource in all companies, an employee in each."""

    _name = "clinic.specialist"
    _description = "Specialist"
    _inherit = [
        "clinic.resource.mixin",
        "clinic.archive.mixin",
        "avatar.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "clinic.bounds.mixin",
    ]
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
    department_ids = fields.Many2many(
        "clinic.department",
        string="Departments",
        groups="clinic_base.group_clinic_manager,clinic_base.group_clinic_admin,"
        "clinic_base.group_medical_chief",
        help="Where a clinic opens records to the whole department, these count.",
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
    limit_ids = fields.One2many(
        "clinic.specialist.limit", "specialist_id", string="Temporary limits"
    )
    certificate_ids = fields.One2many(
        "clinic.specialist.certificate", "specialist_id", string="Certificates"
    )
    resume_line_ids = fields.Many2many(
        "hr.resume.line",
        string="Education, courses, conferences",
        compute="_compute_resume_line_ids",
        # Employees are closed to most roles; what they learned is open to colleagues.
        compute_sudo=True,
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

    @api.model
    def _get_bounds(self):
        return {
            **super()._get_bounds(),
            "min_age": (0, 150),
            "max_age": (0, 150),
            "experience_since": (0, 2100),
        }

    @api.depends("employee_ids.resume_line_ids")
    def _compute_resume_line_ids(self):
        for specialist in self:
            specialist.resume_line_ids = specialist.employee_ids.resume_line_ids

    def action_add_course(self):
        """A new line of the employee's resume; Odoo's rules say who may save it."""
        self.ensure_one()
        training = self.env.ref("hr_skills.resume_type_training", False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Course or conference"),
            "res_model": "hr.resume.line",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                # Sudo: only the number of the employee, which the form keeps.
                "default_employee_id": self.sudo().employee_ids[:1].id,
                "default_line_type_id": training and training.id,
            },
        }

    # === WHOSE LOGIN === #

    def write(self, vals):
        if "user_id" in vals:
            self._check_login_given(vals["user_id"])
        return super().write(vals)

    def _check_login_given(self, user_id):
        """A specialist's login opens what was written under the name: handing it on
        is giving a medical role.

        :raises AccessError: anybody but a chief physician changes one that is set, or
            sets one where records have been kept
        """
        handed_on = self.filtered(
            lambda specialist: (
                (specialist.user_id or specialist._has_records())
                and specialist.user_id.id != (user_id or False)
            )
        )
        if handed_on and not authority.may_grant(self.env):
            raise AccessError(
                self.env._(
                    "The login of %(name)s opens the records that were written under"
                    " this name. Only the chief physician gives it to somebody else.",
                    name=handed_on[0].name,
                )
            )

    def _has_records(self):
        """Hook: whether a medical record was written under this name."""
        return False

    # === LEAVERS === #

    def _is_serving(self):
        """Whether the specialist still works here: kept, able to sign in, employed.

        Who has no login, or no employee at all, is judged by the rest.
        """
        self.ensure_one()
        user_ok = not self.user_id or self.user_id.active
        return self.active and user_ok and self._is_employed()

    def _is_employed(self):
        # Employees are closed to most roles; only whether one is left is told.
        employees = (
            self.env["hr.employee"]
            .sudo()
            .with_context(active_test=False)
            .search([("clinic_specialist_id", "=", self.id)])
        )
        return not employees or any(map(self._is_employee_kept, employees))

    def _is_employee_kept(self, employee):
        """Whether the last day of work, in the company's zone, is not over."""
        today = fields.Date.context_today(
            self.with_context(tz=employee._get_tz()), self.env.cr.now()
        )
        last = employee.departure_date or employee.contract_date_end
        return employee.active and not (last and last < today)
