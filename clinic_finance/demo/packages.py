"""Ten visits bought at once by who comes every week; by now half of them are used."""

from odoo.addons.clinic_schedule.demo.filling import find_candidates

from .payments import pay, prepare_payment
from .terms import WEEKLY

VISITS = 10
# Patients of each specialist who have one, and its price in visits.
BUYERS, PRICE = 3, 9


def offer(world):
    """A package of the main service of each specialty whose patients come weekly."""
    for service in find_services(world):
        template = service.product_tmpl_id
        russian, english = (
            template.with_context(lang=lang).name for lang in ("ru_RU", "en_US")
        )
        world.create(
            "product.product",
            [
                {
                    "name": f"{russian}: {VISITS} визитов|{english}: {VISITS} visits",
                    "type": "service",
                    "neutral_label": "Курс посещений|Course of visits",
                    "taxes_id": False,
                    "supplier_taxes_id": False,
                    "list_price": service.list_price * PRICE,
                    "package_service_id": service.id,
                    "package_visits": VISITS,
                }
            ],
        )


def find_services(world):
    specialties = world.env["clinic.specialty"].search([("code", "in", WEEKLY)])
    services = world.env["product.product"].search(
        [
            ("is_clinic_service", "=", True),
            ("clinic_specialty_id", "in", specialties.ids),
        ],
        order="id",
    )
    by_specialty = services.grouped("clinic_specialty_id")
    return [some[0] for some in by_specialty.values()]


def sell(world, span):
    """On the first day of all, before anything is booked; paid at once."""
    packages = world.env["clinic.package"]
    if packages.search_count([], limit=1):
        return
    products = world.env["product.product"].search(
        [("package_service_id", "!=", False)]
    )
    offers = products.grouped("package_service_id")
    candidates = world.remember("candidates", find_candidates)
    with world.at(span.start):
        sold = packages.create(
            [
                {
                    "patient_id": patient.id,
                    "product_id": offers[service].id,
                    "branch_id": specialist.room_ids[:1].branch_id.id,
                }
                for specialist, patients in candidates.items()
                for service in specialist.service_line_ids.product_id
                if service in offers
                for patient in find_buyers(patients)
            ]
        )
        for company, some in sold.grouped("company_id").items():
            charges = some.charge_id
            pay(world, company, [prepare_payment(one, one.amount) for one in charges])


def find_buyers(patients):
    """Of the regulars, the first ones who pay themselves."""
    own = [one for one in patients[:45] if not one.payment_source_id]
    return own[:BUYERS]
