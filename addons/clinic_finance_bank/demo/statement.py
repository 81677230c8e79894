"""A statement of the client bank as 1C reads it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

OTHER_ACCOUNT = "40817810500000000002"
FILENAME = "kl_to_1c.txt"


class Transfer(NamedTuple):
    """Money that came, or went out if the sum is below zero."""

    amount: float
    purpose: str
    partner: str


def write(
    account: str,
    day: date,
    transfers: Iterable[Transfer],
    number: int,
    opening: float | None = None,
) -> bytes:
    """The file in the format 1CClientBankExchange, in Windows letters.

    :param account: of the clinic
    :param number: of the first transfer; the others follow
    :param opening: balance before the first one; the file tells none without it
    """
    transfers = list(transfers)
    lines = [
        "1CClientBankExchange",
        "ВерсияФормата=1.03",
        "Кодировка=Windows",
        f"РасчСчет={account}",
    ]
    if opening is not None:
        closing = opening + sum(transfer.amount for transfer in transfers)
        lines += [
            "СекцияРасчСчет",
            f"ДатаНачала={day:%d.%m.%Y}",
            f"ДатаКонца={day:%d.%m.%Y}",
            f"РасчСчет={account}",
            f"НачальныйОстаток={opening:.2f}",
            f"КонечныйОстаток={closing:.2f}",
            "КонецРасчСчет",
        ]
    for place, transfer in enumerate(transfers, number):
        lines += _write_transfer(account, f"{day:%d.%m.%Y}", transfer, place)
    return "\r\n".join([*lines, "КонецФайла"]).encode("cp1251")


def _write_transfer(
    account: str, day: str, transfer: Transfer, number: int
) -> list[str]:
    is_out = transfer.amount < 0
    payer, payee = (account, OTHER_ACCOUNT) if is_out else (OTHER_ACCOUNT, account)
    return [
        "СекцияДокумент=Платёжное поручение",
        f"Номер={number}",
        f"Дата={day}",
        f"Сумма={abs(transfer.amount):.2f}",
        f"ПлательщикСчет={payer}",
        f"ПолучательСчет={payee}",
        f"{'Получатель' if is_out else 'Плательщик'}1={transfer.partner}",
        f"{'ДатаСписано' if is_out else 'ДатаПоступило'}={day}",
        f"НазначениеПлатежа={transfer.purpose}",
        "КонецДокумента",
    ]
