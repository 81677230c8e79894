"""The accountant's way from the client bank's file to reconciled transfers."""

from __future__ import annotations

import re
from datetime import date

import pytest
from demo_clinic import shoot
from playwright.sync_api import expect

pytestmark = pytest.mark.journey

ACCOUNT = "40702810900000000001"


def write_file(transfers):
    """A file of the client bank: (sum, purpose, payer) of each transfer of today."""
    day = date.today().strftime("%d.%m.%Y")
    lines = ["1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows"]
    lines.append(f"РасчСчет={ACCOUNT}")
    for number, (amount, purpose, payer) in enumerate(transfers, 101):
        lines += [
            "СекцияДокумент=Платёжное поручение",
            f"Номер={number}",
            f"Дата={day}",
            f"Сумма={amount:.2f}",
            "ПлательщикСчет=40817810500000000002",
            f"Плательщик1={payer}",
            f"ПолучательСчет={ACCOUNT}",
            f"ДатаПоступило={day}",
            f"НазначениеПлатежа={purpose}",
            "КонецДокумента",
        ]
    return "\r\n".join([*lines, "КонецФайла"]).encode("cp1251")


@pytest.fixture
def invoice(clinic):
    """A posted invoice that nobody has paid."""
    patient = clinic.call("admin", "clinic.patient", "search_read", [], ["partner_id"])
    service = clinic.call(
        "admin", "product.product", "search", [("is_clinic_service", "=", True)]
    )
    number = clinic.call(
        "accountant",
        "account.move",
        "create",
        {
            "move_type": "out_invoice",
            "partner_id": patient[0]["partner_id"][0],
            "invoice_date": date.today().isoformat(),
            "invoice_line_ids": [
                (0, 0, {"product_id": service[0], "price_unit": 2345, "tax_ids": []})
            ],
        },
    )
    clinic.call("accountant", "account.move", "action_post", [number])
    return clinic.call("accountant", "account.move", "read", [number], ["name"])[0]


def test_a_file_dropped_on_the_bank_is_imported_and_reconciled(sign_in, invoice):
    page = sign_in("accountant")
    page.goto("/odoo/clinic-bank")
    card = page.locator(".o_kanban_record", has_text="Расчётный счёт")
    expect(card.get_by_role("button", name="Загрузить")).to_be_visible()
    shoot(page, "bank-1-card")
    card.locator("input[type=file]").first.set_input_files(
        {
            "name": "kl_to_1c.txt",
            "mimeType": "text/plain",
            "buffer": write_file(
                [
                    (2345, f"Оплата по счёту {invoice['name']}", "Иванова Анна"),
                    (9999, "Возмещение по эквайрингу, реестр 15", "АО «Примербанк»"),
                ]
            ),
        }
    )
    dialog = page.locator(".modal")
    expect(dialog.locator("[name=clinic_new]")).to_have_text("2")
    expect(dialog.locator("[name=clinic_proposed]")).to_have_text("1")
    shoot(page, "bank-2-result")
    dialog.get_by_role("button", name="Сверить").click()
    page.locator(".o_kanban_record", has_text=invoice["name"]).click()
    proposal = page.locator(".o_reconcile_widget_table, .o_form_view")
    expect(proposal.get_by_text(invoice["name"]).last).to_be_visible()
    shoot(page, "bank-3-reconcile")
    page.locator("button[name=reconcile_bank_line]").click()
    expect(
        page.locator(".o_kanban_record", has_text=re.compile(invoice["name"]))
    ).to_have_count(0)
    shoot(page, "bank-4-left")
