from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import YooKassaCommon


@tagged("post_install", "-at_install")
class TestCase(YooKassaCommon):
    """What only a person can settle."""

    def test_an_accountant_settles_it_and_the_activity_is_done(self):
        case = self.open_case().with_user(self.accountant)
        self.assertTrue(case.advice)
        self.assertEqual(case.activity_ids.user_id, self.accountant)
        case.action_settle()
        self.assertEqual(case.state, "done")
        self.assertFalse(case.activity_ids)

    def test_the_responsible_person_of_the_shop_goes_first(self):
        user = new_test_user(self.env, "responsible", groups="base.group_user")
        self.provider.yookassa_user_id = user
        self.assertEqual(self.open_case().activity_ids.user_id, user)

    def test_without_one_an_accountant_of_the_company_is_asked(self):
        self.provider.yookassa_user_id = False
        user = self.open_case().activity_ids.user_id
        self.assertTrue(user.has_group("account.group_account_user"))
        self.assertFalse(user.has_group("base.group_system"))

    def test_the_same_thing_is_asked_of_a_person_once(self):
        first = self.open_case()
        first.action_settle()
        self.assertEqual(self.open_case(), first)
        self.assertFalse(first.activity_ids)
        self.open_case(again=True)
        self.assertEqual((first.state, len(first.activity_ids)), ("open", 1))

    def test_what_was_looked_into_is_kept(self):
        with self.assertRaises(UserError):
            self.open_case().unlink()

    def test_others_do_not_see_it(self):
        case = self.open_case()
        user = new_test_user(self.env, "nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            case.with_user(user).check_access("read")
        with self.assertRaises(AccessError):
            case.with_user(user).action_settle()

    def open_case(self, **vals):
        return self.env["payment.yookassa.case"]._open(
            "test", "unknown", self.provider, **vals
        )
