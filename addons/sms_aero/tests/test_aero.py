from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.clinic_message.tests.gateways.gateway import GatewayCommon
from odoo.addons.clinic_message.tests.gateways.gateway_faults import GatewayFaults

from .fake_aero import FakeAero


@tagged("post_install", "-at_install")
class TestSmsAero(GatewayFaults, GatewayCommon):
    provider = "aero"
    fake_class = FakeAero

    def test_the_cost_is_kept(self):
        message = self.queue()
        self.process()
        self.assertEqual((message.cost, message.gateway_ref), (5.49, "1"))

    def test_a_wrong_key_goes_to_the_next_gateway(self):
        second, _account = self.create_gateway(sequence=20)
        self.account.secret = "wrong"
        message = self.queue()
        self.process()
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(second.taken), 1)

    def test_a_lost_answer_is_found_on_a_later_page_of_the_list(self):
        lost = self.queue(body="Первое")
        self.fake.faults = ["cut"]
        self.process()
        for body in ("Второе", "Третье", "Четвёртое"):
            self.queue(body=body)
        self.process()
        with self.later(timedelta(minutes=20)):
            self.ask()
        self.assertEqual((lost.state, lost.gateway_ref), ("sent", "1"))

    def test_an_older_message_with_the_same_text_is_not_taken_for_this_one(self):
        self.queue()
        self.process()
        with self.later(timedelta(hours=1)):
            again = self.queue()
            self.fake.faults = ["hang"]
            self.process()
        with self.later(timedelta(minutes=90)):
            self.ask()
            self.process()
        self.assertEqual((again.state, again.gateway_ref), ("sent", "2"))
        self.assertEqual(len(self.fake.taken), 2)
