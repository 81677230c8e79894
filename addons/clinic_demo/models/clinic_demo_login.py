from odoo import api, fields, models


class ClinicDemoLogin(models.Model):
    """Who may be tried in the demonstration, as the page says where one signs in."""

    _name = "clinic.demo.login"
    _description = "Login of the demonstration"
    _order = "id"

    name = fields.Char(string="Role", required=True, translate=True)
    login = fields.Char(required=True)
    hint = fields.Char(string="What to try", translate=True)

    @api.model
    @api.private
    def get_all(self):
        """All of them, for the page of whoever has not signed in yet."""
        # The logins of a demonstration are there to be seen by everybody.
        return self.sudo().search([("login", "!=", False)])
