"""Speed of the outbox against a gateway that takes its time, in an Odoo shell."""

import time

from .fake_smsc import FakeSmsc


def measure(env, count=1000, latency=0.05):
    """Messages a second, claims, commits and outcomes included; commits what it does.

    :param latency: seconds that the gateway takes for each call
    """
    fake = FakeSmsc(latency)
    branch = env["clinic.branch"].search([], limit=1)
    env["clinic.sms.account"].create(
        {
            "name": "Bench",
            "provider": "smsc",
            "company_id": branch.company_id.id,
            "login": "clinic",
            "secret": "open sesame",
            "url": fake.url,
            "sequence": 0,
        }
    )
    fake.balance = 10.0 * count
    branch.company_id.write({"clinic_quiet_from": 9, "clinic_quiet_to": 9})
    messages = env["clinic.message"]
    messages.search([("state", "=", "queued")]).write({"state": "cancelled"})
    queued = messages._enqueue(
        "other",
        [
            {
                "key": f"bench:{time.time_ns()}:{number}",
                "channel": "sms",
                "recipient": f"+7916{number:07}",
                "body": "Bench",
                "branch_id": branch.id,
            }
            for number in range(count)
        ],
    )
    env.cr.commit()  # pylint: disable=invalid-commit
    begun = time.monotonic()
    messages._process_outbox()
    seconds = time.monotonic() - begun
    fake.close()
    queued.invalidate_recordset()
    sent = len(queued.filtered(lambda one: one.state == "sent"))
    doubles = sum(len(sendings) > 1 for sendings in fake.taken.values())
    return {"per_second": sent / seconds, "sent": sent, "doubles": doubles}
