"""Who the network is: two companies of one owner, and the address of its site."""

from odoo.fields import Command

# Where ./clinic demo serves; a server that is started writes its own address.
ADDRESS = "http://127.0.0.1:8069"
COMPANIES = (
    {
        "name": "Клиника «Заря»|Dawn Clinic",
        "street": "ул. Садовая, 12|Sadovaya St. 12",
        "city": "Москва|Moscow",
        "zip": "123001",
        "phone": "+7 495 123-45-67",
        "email": "info@zarya.example",
    },
    {
        "name": "Клиника «Заря» Владивосток|Dawn Clinic Vladivostok",
        "street": "ул. Светланская, 33|Svetlanskaya St. 33",
        "city": "Владивосток|Vladivostok",
        "zip": "690001",
        "phone": "+7 423 200-10-20",
        "email": "vl@zarya.example",
    },
)


def found(world):
    """Name the company that is there, and found the second one beside it."""
    env = world.env
    env["ir.config_parameter"].set_param("web.base.url", ADDRESS)
    # Odoo's own symbol is a Russian word, whatever the language.
    env.ref("base.RUB").write({"active": True, "symbol": "₽"})
    common = {
        "country_id": env.ref("base.ru").id,
        "currency_id": env.ref("base.RUB").id,
        "font": "Roboto",
        "primary_color": "#0d9488",
        "secondary_color": "#134e4a",
        # Else Odoo asks its enrichment service about the clinic at the first login.
        "iap_enrich_auto_done": True,
    }
    first, second = (
        common | {name: world.say(value) for name, value in vals.items()}
        for vals in COMPANIES
    )
    env.company.write(first)
    east = env["res.company"].create(second)
    companies = env.company | east
    companies.partner_id.lang = world.lang
    companies.external_report_layout_id = env.ref("web.external_layout_standard")
    me = env["res.users"].browse(env.uid)
    me.write({"tz": "Europe/Moscow", "company_ids": [Command.link(east.id)]})
