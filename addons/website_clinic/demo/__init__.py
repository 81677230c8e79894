"""What the demonstration shows of this module: a site of the clinic's own."""

import base64

from odoo.tools import file_open

LOGO = "website_clinic/demo/logo.png|website_clinic/demo/logo.en.png"


def plan(world):
    """Name, logo and language of the site."""
    env = world.env
    with file_open(world.say(LOGO), "rb") as stream:
        logo = base64.b64encode(stream.read())
    env["res.company"].search([]).logo = logo
    env["website"].search([]).write(
        {
            "name": env.company.name,
            "homepage_url": "/clinic",
            "logo": logo,
            "default_lang_id": env["res.lang"]._get_data(code=world.lang).id,
        }
    )
    contact = env.ref("website.menu_contactus", raise_if_not_found=False)
    if contact:
        env["website.menu"].search([("url", "=", contact.url)]).unlink()
