"""Messages about visits, with a gateway that needs no provider."""

from odoo.addons.clinic_message.tests.common import OutboxMixin

from ..common import ScheduleCommon


class VisitMessageCommon(OutboxMixin, ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.messages = cls.env["clinic.message"]
        cls.account = cls.set_up_gateway(cls.branch.company_id)

    def run_own_cron(self, name):
        self.run_cron(name, "clinic_schedule")

    def get_message(self, visit, purpose="booked"):
        return self.messages.search(
            [("appointment_id", "=", visit.id), ("purpose", "=", purpose)]
        )
