from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.person_name import (
    MAX_NAME,
    NAME_PARTS,
    TOO_LONG,
    check_name,
    join_name,
    split_name,
)


class ClinicPatient(models.Model):
    """The name in one line, and its parts as documents have them."""

    _inherit = "clinic.patient"

    @api.onchange("last_name", "first_name", "middle_name")
    def _onchange_name_parts(self):
        self.name = self._join_parts() or self.name

    @api.onchange("name")
    def _onchange_name(self):
        """Parts of a line that was typed whole; parts that make it up stay."""
        if self._join_parts() != join_name(self.name, None, None):
            self.update(split_name(self.name or "", self.last_name)._asdict())

    def _join_parts(self):
        return join_name(*(self[part] for part in NAME_PARTS))

    def _prepare_name_vals(self, vals, patient=None):
        """Keep the one-line name and its parts in step, whichever was given.

        :raises ValidationError: a name without a letter, or one that is too long
        """
        parts = {
            part: join_name(vals[part], None, None)
            for part in NAME_PARTS
            if part in vals
        }
        if parts:
            now = [parts.get(part, patient and patient[part]) for part in NAME_PARTS]
            name = join_name(*now) or vals.get("name")
            return {**vals, **parts, "name": self._check_name(name)}
        if patient is None and vals.get("partner_id") and not vals.get("name"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            return {**vals, **split_name(partner.name or "")._asdict()}
        if patient is None or "name" in vals:
            name = self._check_name(vals.get("name"))
            last_name = patient and patient.last_name
            return {**vals, "name": name, **split_name(name, last_name)._asdict()}
        return dict(vals)

    @api.model
    def _check_name(self, name):
        try:
            return check_name(name)
        except ValueError as error:
            if str(error) == TOO_LONG:
                message = self.env._(
                    "A name has at most %(count)s letters.", count=MAX_NAME
                )
            else:
                message = self.env._("Write the name of the patient.")
            raise ValidationError(message) from error
