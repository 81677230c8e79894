from odoo.tests import HttpCase, tagged

from odoo.addons.clinic_message.tests.gateways.gateway import GatewayCommon
from odoo.addons.clinic_message.tests.gateways.gateway_faults import GatewayFaults
from odoo.addons.clinic_message.tests.gateways.gateway_replies import GatewayReplies

from ..tools import exolve
from .fake_exolve import FIRST, FakeExolve


class ExolveReport:
    def make_report(self, ref):
        return {"event_id": "DIRECTION_OUTGOING", "message_id": ref, "status": "1"}


@tagged("post_install", "-at_install")
class TestExolve(ExolveReport, GatewayFaults, GatewayCommon):
    provider = "exolve"
    fake_class = FakeExolve

    def test_a_long_number_of_a_message_is_kept_whole(self):
        message = self.queue()
        self.process()
        self.assertEqual(message.gateway_ref, str(FIRST))

    def test_a_wrong_key_goes_to_the_next_gateway(self):
        second, _account = self.create_gateway(sequence=20)
        self.account.secret = "wrong"
        message = self.queue()
        self.process()
        self.assertEqual(message.state, "sent")
        self.assertEqual(len(second.taken), 1)

    def test_an_unheard_of_status_counts_as_under_way(self):
        message = self.queue()
        self.process()
        self.fake.rows[message.gateway_ref]["delivery_status"] = "17"
        self.ask()
        self.assertEqual(message.state, "sent")


@tagged("post_install", "-at_install")
class TestExolveReplies(ExolveReport, GatewayReplies, GatewayCommon, HttpCase):
    provider = "exolve"
    fake_class = FakeExolve

    def test_replies_beyond_one_page_are_read_too(self):
        self.patch(exolve, "LIMIT", 2)
        for number in range(5):
            self.fake.receive(f"+7999000000{number}", "да")
        self.read()
        self.assertEqual(len(self.replies.search([])), 5)
