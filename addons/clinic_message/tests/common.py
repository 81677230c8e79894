"""A branch, two patients, a frozen clock, and a gateway that needs no provider."""

from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import TransactionCase

from odoo.addons.clinic_base.tools.walltime import to_utc

from ..tools.sms_gateway import Outcome, SmsGateway

MONDAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 6, 0)


class PaperGateway(SmsGateway):
    """Takes every message, and reads what a test has put into ``inbox``."""

    takes_replies = True
    inbox = []

    def _send(self, letter):
        return Outcome("sent", ref=str(letter.id))

    def _ask(self, letter):
        return Outcome("sent", ref=str(letter.id))

    def _read_replies(self, since):
        return list(self.inbox)


class OutboxMixin:
    """Running the outbox; for every test case with a frozen ``freeze``."""

    @classmethod
    def set_up_gateway(cls, company, add_cleanup=None):
        """An account of ``company`` that sends on paper, and nobody else's does."""
        add_cleanup = add_cleanup or cls.addClassCleanup
        account = cls.env["clinic.sms.account"].create(
            {"name": "Paper", "company_id": company.id, "takes_replies": True}
        )
        accounts = patch.object(
            type(company),
            "_get_sms_accounts",
            lambda one: account.filtered(lambda own: own.company_id == one),
        )
        gateway = patch.object(
            type(account), "_get_gateway_class", lambda _one: PaperGateway
        )
        inbox = patch.object(PaperGateway, "inbox", [])
        for patched in (accounts, gateway, inbox):
            patched.start()
            add_cleanup(patched.stop)
        return account

    def run_cron(self, name="process_outbox", module="clinic_message"):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f"{module}.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def travel(self, moment):
        """Both clocks stand at ``moment`` (naive UTC)."""
        self.freeze(moment, self.addCleanup)


class MessageCommon(OutboxMixin, TransactionCase):
    """One branch in Moscow at nine in the morning, patients with and without phone."""

    tz = "Europe/Moscow"
    now = NOW

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.freeze(cls.now)
        cls.branch = cls.env["clinic.branch"].create(
            {"name": "North", "tz": cls.tz, "phone": "+74950000000"}
        )
        patients = cls.env["clinic.patient"]
        cls.patient = patients.create(
            {"name": "Ivan Ivanov", "phone": "+79161234567", "lang": "en_US"}
        )
        cls.other_patient = patients.create({"name": "Maria Sidorova"})
        cls.messages = cls.env["clinic.message"]
        cls.messages.search([("state", "=", "queued")]).write({"state": "cancelled"})

    @classmethod
    def freeze(cls, moment, add_cleanup=None):
        """Python's clock and the database's stand at ``moment`` (naive UTC)."""
        add_cleanup = add_cleanup or cls.addClassCleanup
        frozen = freeze_time(moment)
        frozen.start()
        add_cleanup(frozen.stop)
        clock = patch.object(cls.env.cr, "now", lambda: moment)
        clock.start()
        add_cleanup(clock.stop)

    @classmethod
    def at(cls, day, clock):
        """UTC of 'HH:MM' on ``day`` in the branch's zone."""
        hours, minutes = clock.split(":")
        return to_utc(day, int(hours) * 60 + int(minutes), cls.tz)

    @classmethod
    def create_template(cls, body, channel="sms", **vals):
        """The text of purpose *other*, which no module brings."""
        return cls.env["clinic.message.template"].create(
            {"purpose": "other", "channel": channel, "body": body, **vals}
        )

    def queue(self, *numbers, **vals):
        """One text for each number, ready to go."""
        created = self.messages._enqueue(
            "other",
            [
                {
                    "key": f"test:{number}:{len(self.messages.search([]))}",
                    "channel": "sms",
                    "recipient": number,
                    "body": "Ваш визит завтра",
                    "branch_id": self.branch.id,
                    **vals,
                }
                for number in numbers or ["+79160000001"]
            ],
        )
        return self.messages.browse(created.ids)

    def tell(self, patient=None, purpose="other", **vals):
        """A message whose text is filled in when it is sent."""
        return self.messages._enqueue(
            purpose,
            [
                {
                    "key": f"tell:{len(self.messages.search([]))}",
                    "patient_id": (patient or self.patient).id,
                    "branch_id": self.branch.id,
                    **vals,
                }
            ],
        )
