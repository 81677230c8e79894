from odoo import api, models

CONTACT_FIELDS = frozenset(
    {
        "phone",
        "phone_sanitized",
        "phone_mobile_search",
        "email",
        "email_normalized",
        "email_formatted",
    }
)


class ClinicContactMixin(models.AbstractModel):
    """Patients' phones and e-mails, kept from specialists where their clinic says so.

    They cannot be read, searched, sorted or grouped by: not a value is left out, the
    field is closed. Forms and lists of the web client show it empty instead of failing.
    """

    _name = "clinic.contact.mixin"
    _description = "Contacts of patients"

    def _clinic_filter_patients(self):
        """Those of ``self`` whose contacts are a patient's."""
        return self

    def _clinic_hides_contacts(self):
        """Whether contacts of ``self``, or of records yet unknown, are closed."""
        if self.env.su or self.env.user._sees_patient_contacts():
            return False
        return not self or bool(self._clinic_filter_patients())

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in CONTACT_FIELDS and self._clinic_hides_contacts():
            return False
        return super()._has_field_access(field, operation)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Closed contacts are described all the same: views name them."""
        result = super().fields_get(allfields, attributes)
        for name in CONTACT_FIELDS & self._fields.keys() - result.keys():
            if not allfields or name in allfields:
                description = self._fields[name].get_description(self.env, attributes)
                result[name] = {**description, "readonly": True}
        return result

    def web_read(self, specification):
        closed = CONTACT_FIELDS & specification.keys()
        if not closed or not self._clinic_hides_contacts():
            return super().web_read(specification)
        rest = {k: v for k, v in specification.items() if k not in closed}
        empty = dict.fromkeys(closed, False)
        return [{**values, **empty} for values in super().web_read(rest)]
