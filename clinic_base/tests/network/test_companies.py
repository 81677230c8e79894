from odoo.tests import TransactionCase, tagged

# Two clinics of the network know the same card; what happens on it is each one's own.
COMMON = {"clinic.patient", "clinic.appointment", "account.move", "account.payment"}
CARD = {
    "clinic.consent",
    "clinic.medical.card",
    "clinic.patient",
    "clinic.patient.alert",
    "clinic.patient.duplicate",
    "clinic.patient.merge",
    "clinic.patient.phone",
    "clinic.patient.problem",
    "clinic.patient.relation",
}
SPREADING = ("clinic.", "account.move", "account.payment", "payment.transaction")


def is_kept(model):
    return not (model._abstract or model._transient)


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
                if field.store
            )
        }
        if not more:
            return found
        found |= more


@tagged("post_install", "-at_install")
class TestCompanies(TransactionCase):
    def test_all_that_happens_on_a_card_is_walled_by_company(self):
        """Every model, SQL views too: a rule for everybody speaks of companies."""
        rules = self.env["ir.rule"].search([("groups", "=", False)])
        walled = {
            rule.model_id.model
            for rule in rules
            if rule.perm_read and rule.perm_write and "company_ids" in rule.domain_force
        }
        granted = set(self.env["ir.model.access"].search([]).model_id.mapped("model"))
        leading = find_leading(self.env) & granted
        self.assertIn("clinic.occupancy", leading)
        self.assertEqual(leading - CARD - walled, set())
