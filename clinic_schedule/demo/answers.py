"""What patients answer to reminders: most say yes, some need a person."""

from datetime import timedelta

from odoo.addons.clinic_message.tools.sms_gateway import Reply

HOUR = timedelta(hours=1)
# Of the reminders that have arrived; the first words are the most frequent.
ANSWERING = 12
WORDS = (
    "Да|Yes",
    "да, буду|yes",
    "+",
    "Да|Yes",
    "Ок|OK",
    "Нет|No",
    "Можно на час позже?|Could it be an hour later?",
    "Да|Yes",
    "Перезвоните мне, пожалуйста|Please call me back",
    "Приду с мужем, он тоже хочет записаться|My husband would like to come too",
    "Стоп|Stop",
    "Да|Yes",
)
STRANGER = ("+79007654321", "Это кто?|Who is this?")


def reply(world, span):
    """Replies to what was sent before ``span``, dealt with as the job does it."""
    env = world.env
    reminders = env["clinic.message"].search(
        [
            ("channel", "=", "sms"),
            ("purpose", "=", "reminder"),
            ("state", "=", "delivered"),
            ("appointment_id.state", "=", "booked"),
            ("appointment_id.start", ">", span.start),
        ],
        order="id desc",
        limit=ANSWERING,
    )
    replies = env["clinic.message.reply"]
    with world.at(span.start - 13 * HOUR):
        for company, some in reminders.grouped("company_id").items():
            account = env["clinic.sms.account"].search(
                [("company_id", "=", company.id)], limit=1
            )
            # A list is read once: what is known already is left alone.
            said = [
                Reply(f"demo-{one.id}", one.recipient, world.say(word))
                for one, word in zip(some, WORDS, strict=False)
            ]
            number, text = STRANGER
            said.append(Reply(f"demo-{span.start:%y%m%d}", number, world.say(text)))
            replies._note(account, said)
        for one in replies.search([("state", "=", "new")], order="id"):
            one._follow()
