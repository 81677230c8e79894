from odoo import api, fields, models


class ClinicRecordPolicy(models.Model):
    """Whose records a specialist reads; the chief physician decides, nobody else.

    A model of its own and not a setting of the company: those belong to people who
    have no medical role.
    """

    _name = "clinic.record.policy"
    _description = "Who reads which medical records"
    _inherit = ["clinic.archive.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
        help="Holds for specialists whose home company this is.",
    )
    scope = fields.Selection(
        [
            ("own", "Of patients of their own"),
            ("department", "Of patients of their departments"),
            ("all", "Of all patients"),
        ],
        string="Specialists read records",
        required=True,
        default="own",
        help="A patient becomes one's own by a visit. Others' protocols are read, never"
        " changed.",
    )
    emergency_hours = fields.Integer(
        string="Emergency access, hours",
        required=True,
        default=24,
        help="After that a record that was opened in an emergency closes by itself.",
    )

    _company_once = models.UniqueIndex(
        "(company_id) WHERE active", "The company already has its rules."
    )
    _hours_sensible = models.Constraint(
        "CHECK (emergency_hours BETWEEN 1 AND 168)",
        "An emergency lasts from an hour to a week.",
    )

    @api.model
    def _get(self):
        """What holds for the user: the row of the home company, or the defaults."""
        domain = [("company_id", "=", self.env.user.company_id.id)]
        # A rule that is evaluated must not ask for rights itself; it is no secret.
        policies = self.sudo()
        return policies.search(domain, limit=1) or policies.new()
