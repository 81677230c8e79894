"""What the demonstration shows of this module: phones that nobody holds."""

from odoo.addons.clinic_message.demo import send


def plan(world):
    """Messages of both companies go to the screen of phones, by day and by night."""
    companies = world.env["res.company"].search([])
    world.env["clinic.sms.account"].create(
        [
            {
                "name": world.say("Телефоны демонстрации|Demonstration phones"),
                "company_id": company.id,
                "provider": "phone",
            }
            for company in companies
        ]
    )
    world.env.ref("clinic_demo.clinic_demo_phones_menu").active = True


def live(world, span):
    """What is due at the present lies on the phones, unless people sleep."""
    if span.is_last:
        with world.at(span.stop):
            send(world.env)
