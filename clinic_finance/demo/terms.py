"""Insurers, an employer, one invoice a month, fees, shares of specialists."""

# name, kind of source, what the patient adds (%)
PAYERS = (
    ("СК «Северная звезда»|North Star Insurance", "insurer", 0),
    ("СК «Полис-Гарант»|Policy Guard Insurance", "insurer", 0),
    ("АО «Техноверфь»|Technoyard Inc.", "employer", 0),
)
# How many patients of a hundred come by each of them.
INSURED = 22
# Specialties whose patients come every week and get one invoice a month.
WEEKLY = ("psychotherapy", "speech", "psychology", "rehabilitation")
ACCOUNTS = ("40702810900000000001", "40702810900000000002")
SHARES = (
    (None, {"mode": "percent", "percent": 30}),
    ("cardiology", {"mode": "percent", "percent": 40}),
)


def agree(world):
    """All that holds before the first visit is booked."""
    open_accounts(world)
    sign_contracts(world)
    set_terms(world)


def open_accounts(world):
    """A bank account for each company; Odoo's own provider takes payments by link."""
    env = world.env
    companies = env["res.company"].search([], order="id")
    for company, number in zip(companies, ACCOUNTS, strict=True):
        bank = find_bank(env, company)
        bank.set_bank_account(number)
        company._get_advance_account()
    provider = env.ref("payment.payment_provider_demo", raise_if_not_found=False)
    if provider and provider.code == "demo":
        provider.write({"state": "test", "is_published": True})
        provider.journal_id = provider.journal_id or find_bank(env, companies[0])


def find_bank(env, company):
    """The first journal of the company's bank."""
    return env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )


def sign_contracts(world):
    """Insurers and an employer, who pay for their patients once a month."""
    env = world.env
    sources = env["clinic.payment.source"]
    for number, (name, kind, copay) in enumerate(PAYERS, start=1):
        partner = env["res.partner"].create(
            {"name": world.say(name), "is_company": True, "lang": world.lang}
        )
        sources |= world.create(
            "clinic.payment.source",
            [
                {
                    "name": name,
                    "code": f"contract{number}",
                    "sequence": 50 + number,
                    "kind": kind,
                    "partner_id": partner.id,
                    "copay_percent": copay,
                }
            ],
        )
    patients = env["clinic.patient"].search([], order="id")
    for source, number in zip(sources, range(len(sources)), strict=True):
        some = patients.filtered(
            lambda one, number=number: (
                INSURED * number <= one.id * 7 % 100 < INSURED * (number + 1)
            )
        )
        some.write({"payment_source_id": source.id})


def set_terms(world):
    """Invoices by month, fees, and what specialists get."""
    env = world.env
    weekly = env["product.template"].search(
        [("clinic_specialty_id.code", "in", WEEKLY)]
    )
    weekly.write({"clinic_invoicing": "monthly"})
    env["clinic.branch"].search([]).write({"no_show_percent": 50})
    specialists = env["clinic.specialist"].search([])
    first = env.cr.now().date()
    vals_list = [{"date_from": first, **SHARES[0][1]}]
    for code, terms in SHARES[1:]:
        some = specialists.filtered(
            lambda one, code=code: code in one.specialty_ids.mapped("code")
        )
        vals_list += [
            {"specialist_id": one.id, "date_from": first, **terms} for one in some
        ]
    for company in env["res.company"].search([]):
        env["clinic.share.rule"].with_company(company).create(
            [{**vals, "company_id": company.id} for vals in vals_list]
            if "company_id" in env["clinic.share.rule"]._fields
            else vals_list
        )
