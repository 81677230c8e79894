from odoo.tests import TransactionCase, tagged

# Two clinics of the network know the same card; what happens on it is each one's own.
COMMON = {"clinic.patient", "clinic.appointment", "account.move", "account.payment"}
CARD = {
    "clinic.consent",
    "clinic.patient",
    "clinic.patient.duplicate",
    # What a file says of cards, nothing that happens on them.
    "clinic.patient.import.reject",
    "clinic.patient.merge",
    "clinic.patient.phone",
    "clinic.patient.relation",
    "clinic.personal.act",
}
# Words of rules that speak of companies: their own, and those of a patient's visits.
WALLS = ("company_ids", "is_company_patient", "is_company_row", "is_own_patient")
SPREADING = ("clinic.", "account.move", "account.payment", "payment.transaction")


def is_kept(model):
    return not (model._abstract or model._transient)


# A dialog belongs to whoever has it open. These keep what was found for it.
FOUND_FOR_DIALOGS = {"clinic.decision.trial.line"}


def find_leading(env):
    """Stored models from which relations lead to a patient, a visit or money."""
    names = {name for name in env.registry if is_kept(env[name])}
    found = COMMON & names
    while True:
        more = {
            name
            for name in names - found
            if name.startswith(SPREADING)
            and any(
                field.type == "many2one"
                and field.comodel_name in found - CARD
                or field.type in ("many2one", "many2many")
                and field.comodel_name == "clinic.patient"
                for field in env[name]._fields.values()
                if field.store or field.search
            )
        }
        if not more:
            return found
        found |= more


@tagged("post_install", "-at_install")
class TestCompanies(TransactionCase):
    def test_all_that_happens_on_a_card_is_walled_by_company(self):
        """Every model, medical ones and SQL views too: a rule for everybody, or the
        rules of all groups, speak of companies."""
        granted = self.env["ir.model.access"].search([]).model_id.mapped("model")
        leading = find_leading(self.env) & set(granted)
        for name in ("clinic.occupancy", "clinic.access.log"):
            self.assertIn(name, leading)
        leading |= FOUND_FOR_DIALOGS & set(granted)
        open_ = {name for name in leading - CARD if not self.is_walled(name)}
        self.assertEqual(open_, set())

    def is_walled(self, name):
        rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
        for_all = rules.filtered(lambda rule: not rule.groups)
        if any(rule.perm_read and rule.perm_write for rule in for_all.filtered(speaks)):
            return True
        groups = rules - for_all
        reading = groups.filtered("perm_read")
        return bool(reading) and reading == reading.filtered(speaks)


def speaks(rule):
    return any(word in rule.domain_force for word in WALLS)
