from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_message.tests.gateways.gateway import GatewayCommon
from odoo.addons.clinic_message.tests.gateways.gateway_faults import GatewayFaults
from odoo.addons.clinic_message.tests.gateways.gateway_replies import GatewayReplies

from .fake_smsc import FakeSmsc


@tagged("post_install", "-at_install")
class TestSmsc(GatewayFaults, GatewayCommon):
    provider = "smsc"
    fake_class = FakeSmsc

    def test_the_cost_is_kept(self):
        message = self.queue()
        self.process()
        self.assertEqual(message.cost, 4.99)
        self.assertEqual(message.gateway_ref, str(message.id))

    def test_a_wrong_password_goes_to_the_next_gateway(self):
        second, _account = self.create_gateway(sequence=20)
        self.account.secret = "wrong"
        message = self.queue()
        self.process()
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(second.taken), 1)

    def test_credentials_are_posted_and_in_no_address(self):
        self.queue()
        with self.assertLogs("urllib3", "DEBUG") as logs:
            self.process()
        self.assertNotIn("psw", "\n".join(logs.output))


@tagged("post_install", "-at_install")
class TestSmscReplies(GatewayReplies, GatewayCommon, HttpCase):
    provider = "smsc"
    fake_class = FakeSmsc
