from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from ..common import FinanceCommon

# Written by people, each for its reason; {model: {field: why}}.
OPEN = {
    "clinic.appointment": {
        "payer_id": "chosen at the desk among those who may pay (clinic.payer.mixin)",
    },
    "clinic.patient": {
        "payer_id": "chosen at the desk among those who may pay (clinic.payer.mixin)",
    },
    "clinic.estimate": {
        "patient_id": "nothing is owed by it, and the acceptance signs whose it is",
    },
    "clinic.estimate.line": {
        "price": "an offer; another price than the accepted one is accepted anew",
    },
    "clinic.refund": {
        "amount": "asked for; checked and fixed when the money is given back",
    },
    "clinic.share.rule": {
        "amount": "a rule for days to come; what is counted by it keeps its share",
    },
    "clinic.visit.profile": {
        "patient_id": "whose profile; with a price agreed, finance managers alone",
        "price": "a rule for days to come, by finance managers alone",
    },
}


@tagged("-at_install", "post_install")
class TestMoneyByHand(FinanceCommon):
    """What has happened with money is written by no hand."""

    def get_money_models(self):
        return [
            model
            for name, model in self.env.items()
            if name.startswith("clinic.")
            and model._auto
            and not model._abstract
            and not model._transient
            and any(field.type == "monetary" for field in model._fields.values())
        ]

    def get_money_fields(self, model):
        """Names of stored sums, states, payers and patients of ``model``."""
        return [
            name
            for name, field in model._fields.items()
            if field.store
            and (
                field.type == "monetary"
                or name == "state"
                or (
                    field.type == "many2one"
                    and field.comodel_name in ("res.partner", "clinic.patient")
                )
            )
        ]

    def test_no_owner_accountant_or_manager_writes_sums_states_or_payers(self):
        users = [
            new_test_user(self.env, role, groups=f"clinic_base.group_{role}")
            for role in ("owner", "accountant", "finance_manager", "cashier")
        ]
        for model in self.get_money_models():
            for name in self.get_money_fields(model):
                for user in users:
                    written = model.with_user(user)
                    with self.subTest(model=model._name, field=name, user=user.login):
                        if name in OPEN.get(model._name, ()):
                            self.assertTrue(OPEN[model._name][name])
                            continue
                        with self.assertRaises(UserError):
                            written.check_access("write")
                            written.write({name: False})

    def test_what_is_open_is_there(self):
        for name, reasons in OPEN.items():
            with self.subTest(model=name):
                self.assertLessEqual(
                    reasons.keys(), set(self.get_money_fields(self.env[name]))
                )
