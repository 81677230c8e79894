"""Statements in the exchange format of 1C and client banks, 1CClientBankExchange.

Text of ``Key=Value`` lines in sections (https://v8.1c.ru/tekhnologii/obmen-dannymi-i-
integratsiya/standarty-i-formaty/standart-obmena-s-sistemami-klient-banka/): a header,
a section for each account and period, a section for each payment. Banks take liberties
with encodings, separators and blanks; what has no meaning here is kept in ``fields``.

Amounts are :class:`~decimal.Decimal` with two digits after the point, days are
calendar days of the bank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

SIGNATURE = "1CClientBankExchange"
END = "КонецФайла"
ACCOUNT, ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
DOCUMENT, DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
PAYER_ACCOUNTS = ("ПлательщикСчет", "ПлательщикРасчСчет")
PAYEE_ACCOUNTS = ("ПолучательСчет", "ПолучательРасчСчет")
# Digits 6 to 8 of an account, by the classifier that the Bank of Russia uses.
CURRENCIES = {"810": "RUB", "643": "RUB", "840": "USD", "978": "EUR", "156": "CNY"}
CENT = Decimal("0.01")
# The last is for a file in UTF-8 with a broken letter.
_ENCODINGS = (
    ("utf-8-sig", "strict"),
    ("cp1251", "replace"),
    ("cp866", "replace"),
    ("utf-8", "replace"),
)
_AMOUNT = re.compile(r"(?P<whole>-?\d+)(?:[.,-](?P<cents>\d{1,2})0*)?")
# Digits of a sum that a ledger can hold.
_DIGITS = 15
_KEY = re.compile(r"\w+")
PURPOSE = "НазначениеПлатежа"
# A purpose that goes on on the next line may hold words with “=” as well, as in “НДС=0”
# or “цена=100”. Names of the format begin so, and banks write their own as one of it.
_NAME = re.compile(
    r"Плательщик|Получатель|Назначение|Дата|Сумма|Номер|Вид|Код|Показатель|Очередность"
    r"|Срок|Условие|Платеж|Квитанция|Статус|Всего|РасчСчет|Версия|Отправитель"
    r"|[A-ZА-ЯЁ][a-zа-яё]+[A-ZА-ЯЁ\d]"
)
_BLANKS = re.compile(r"[\s\u00a0\u202f']")


class ExchangeError(Exception):
    """What is wrong, by ``code``, on which ``line`` (from 1; 0: the whole file).

    ``values`` fills the text that the reader of the file is shown.
    """

    def __init__(self, code: str, line: int = 0, **values: str) -> None:
        super().__init__(f"{code} on line {line}: {values}")
        self.code = code
        self.line = line
        self.values = values


@dataclass(frozen=True)
class Section:
    """One section: its first ``line``, its ``kind`` and all its fields."""

    line: int
    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)

    def get(self, *names: str) -> str:
        """The first of the fields ``names`` that is not empty."""
        return next((self.fields[name] for name in names if self.fields.get(name)), "")

    def get_day(self, *names: str) -> date | None:
        """:raises ExchangeError: if it is no day"""
        text = self.get(*names)
        if not text:
            return None
        try:
            return datetime.strptime(text.split()[0], "%d.%m.%Y").date()
        except ValueError:
            raise ExchangeError("day", self.line, value=text) from None

    def get_amount(self, name: str) -> Decimal | None:
        """:raises ExchangeError: if it is no amount of money"""
        text = self.get(name)
        return to_amount(text, self.line) if text else None


@dataclass(frozen=True)
class Exchange:
    """A file as it is: header, sections of accounts and of payments."""

    header: Section
    own_accounts: tuple[str, ...]
    accounts: tuple[Section, ...]
    documents: tuple[Section, ...]


@dataclass(frozen=True)
class Entry:
    """One movement on an account; ``amount`` is negative when money goes out.

    ``key`` is the same in every file that tells of this movement. A storno of what
    came in is a negative ``amount`` that ``came_in``: so the bank's own totals count.
    """

    day: date
    amount: Decimal
    came_in: bool
    key: str
    number: str
    purpose: str
    partner: str
    partner_account: str
    source: Section


@dataclass(frozen=True)
class Statement:
    """The movements of one account, checked against the bank's own totals.

    ``empty`` is how many documents moved no money. ``refused`` are the documents of the
    file that cannot be understood; with any of them no total can be checked.
    """

    account: str
    currency: str
    date_from: date
    date_to: date
    opening: Decimal | None
    closing: Decimal | None
    entries: tuple[Entry, ...]
    empty: int = 0
    refused: tuple[ExchangeError, ...] = ()


def is_exchange(data: bytes) -> bool:
    """Whether ``data`` begins as a file of this format does."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(SIGNATURE.encode())


def read_statements(data: bytes) -> list[Statement]:
    """Statements of all accounts in the file, in the order in which it names them.

    :raises ExchangeError: nothing of such a file may be used
    """
    return make_statements(parse(decode(data)))


def decode(data: bytes) -> str:
    """Text of a file in UTF-8, Windows-1251 or DOS (cp866).

    The header names the encoding in that very encoding, and some banks name another
    one; so the one in which the header can be read is taken.
    """
    for encoding, errors in _ENCODINGS:
        try:
            text = data.decode(encoding, errors)
        except UnicodeDecodeError:
            continue
        if any(word in text for word in (ACCOUNT, DOCUMENT, END, "ВерсияФормата")):
            return text
    raise ExchangeError("encoding")


def parse(text: str) -> Exchange:
    """Sections of the file; checks that it is whole.

    :raises ExchangeError: the file was cut off, or its sections are not closed
    """
    header: dict[str, str] = {}
    own: list[str] = []
    accounts: list[Section] = []
    documents: list[Section] = []
    section: Section | None = None
    last = ""
    number = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.strip()), 1):
        key, separator, value = (part.strip() for part in line.partition("="))
        if key in (ACCOUNT, DOCUMENT):
            if section:
                raise ExchangeError("unclosed", section.line)
            section, last = Section(number, value, {}), ""
        elif key in (ACCOUNT_END, DOCUMENT_END):
            if not section:
                raise ExchangeError("unopened", number, value=key)
            (accounts if key == ACCOUNT_END else documents).append(section)
            section = None
        elif key == END:
            break
        elif section is None and key == "РасчСчет":
            own.append(value)
        else:
            fields = header if section is None else section.fields
            goes_on = last.startswith(PURPOSE) and not _NAME.match(key)
            if separator and _KEY.fullmatch(key) and not goes_on:
                fields[key] = fields.get(key) or value
                last = key
            elif last in fields:
                # A purpose that goes on on the next line.
                fields[last] = f"{fields[last]} {line.strip()}".strip()
    else:
        raise ExchangeError("truncated", number)
    if section:
        raise ExchangeError("unclosed", section.line)
    own.extend(one.get("РасчСчет") for one in accounts)
    return Exchange(
        Section(1, "", header),
        tuple(dict.fromkeys(filter(None, own))),
        tuple(accounts),
        tuple(documents),
    )


def to_amount(text: str, line: int = 0) -> Decimal:
    """Money as banks write it: ``1234.5``, ``1 234,50``, ``1.234,50``, ``1234-50``.

    :raises ExchangeError: for anything else, three digits after the point or more
        than ``_DIGITS`` before it included
    """
    bare = _BLANKS.sub("", text)
    if "," in bare and "." in bare:
        thousands = "," if bare.rfind(",") < bare.rfind(".") else "."
        bare = bare.replace(thousands, "")
    match = _AMOUNT.fullmatch(bare)
    if not match or len(match["whole"].lstrip("-0")) > _DIGITS:
        raise ExchangeError("amount", line, value=text)
    return Decimal(f"{match['whole']}.{match['cents'] or '0'}").quantize(CENT)


def make_statements(exchange: Exchange) -> list[Statement]:
    """:raises ExchangeError: see :func:`read_statements`; one document that cannot be
    understood keeps no other from being read, unless all are so
    """
    if not exchange.own_accounts:
        raise ExchangeError("no_account")
    found: dict[str, list[Entry]] = {account: [] for account in exchange.own_accounts}
    empty: Counter[str] = Counter()
    refused: list[ExchangeError] = []
    seen: Counter[str] = Counter()
    for document in exchange.documents:
        try:
            entries = list(_read_entries(document, found, seen))
        except ExchangeError as error:
            refused.append(error)
            continue
        for account, entry in entries:
            if entry.amount:
                found[account].append(entry)
            else:
                empty[account] += 1
    if refused and len(refused) == len(exchange.documents):
        raise refused[0]
    return [
        _make_statement(exchange, account, entries, empty[account], tuple(refused))
        for account, entries in found.items()
        if entries or any(one.get("РасчСчет") == account for one in exchange.accounts)
    ]


def _read_entries(
    document: Section, own: Iterable[str], seen: Counter[str]
) -> Iterator[tuple[str, Entry]]:
    """What the payment means to each of our accounts: money between two is two.

    :raises ExchangeError: no sum, no day, or none of our accounts
    """
    amount = document.get_amount("Сумма")
    if amount is None:
        raise ExchangeError("amount", document.line, value="")
    payer = {document.get(name) for name in PAYER_ACCOUNTS}
    payee = {document.get(name) for name in PAYEE_ACCOUNTS}
    if not (payer | payee) & set(own):
        raise ExchangeError("foreign", document.line)
    for account in own:
        for accounts, came_in, posted, other in (
            (payer, False, "ДатаСписано", "Получатель"),
            (payee, True, "ДатаПоступило", "Плательщик"),
        ):
            if account not in accounts:
                continue
            day = document.get_day(posted, "Дата")
            if not day:
                raise ExchangeError("day", document.line, value="")
            signed = amount if came_in else -amount
            other_account = document.get(f"{other}Счет", f"{other}РасчСчет")
            partner = _get_partner(document, other)
            purpose = _get_purpose(document)
            key = "|".join(
                (
                    day.isoformat(),
                    document.get("Номер"),
                    str(signed),
                    other_account,
                    document.get(f"{other}БИК"),
                    _fingerprint(partner, purpose),
                )
            )
            seen[account + key] += 1
            if seen[account + key] > 1:
                # Fees of one day may be alike to the last sign.
                key = f"{key}|{seen[account + key]}"
            yield (
                account,
                Entry(
                    day,
                    signed,
                    came_in,
                    key,
                    document.get("Номер"),
                    purpose,
                    partner,
                    other_account,
                    document,
                ),
            )


def _fingerprint(*texts: str) -> str:
    """What tells two transfers of a bank's transit account apart, in few signs.

    Banks write one document with other blanks and letters in the evening.
    """
    words = " ".join(re.findall(r"\w+", " ".join(texts).casefold()))
    return sha256(words.encode()).hexdigest()[:16]


def _get_purpose(document: Section) -> str:
    """The purpose, whole or in numbered parts; never empty."""
    parts = [document.get(f"{PURPOSE}{number}") for number in range(1, 7)]
    whole = document.get(PURPOSE) or " ".join(filter(None, parts))
    return whole or " ".join(filter(None, (document.kind, document.get("Номер"))))


def _get_partner(document: Section, side: str) -> str:
    """Name of payer or payee, without the INN that some banks put before it."""
    name = document.get(f"{side}1", side)
    return re.sub(r"^ИНН\s*\d+\s*", "", name)


def _make_statement(
    exchange: Exchange,
    account: str,
    entries: list[Entry],
    empty: int,
    refused: tuple[ExchangeError, ...],
) -> Statement:
    sections = sorted(
        (one for one in exchange.accounts if one.get("РасчСчет") == account),
        key=lambda one: (one.get_day("ДатаНачала") or date.min, one.line),
    )
    opening = sections[0].get_amount("НачальныйОстаток") if sections else None
    closing = sections[-1].get_amount("КонечныйОстаток") if sections else None
    if sections and not refused:
        _check_totals(sections, account, entries, opening, closing)
    days = [one.day for one in entries]
    header = exchange.header
    first, final = (sections[0], sections[-1]) if sections else (header, header)
    date_from = first.get_day("ДатаНачала") or header.get_day("ДатаНачала")
    date_to = final.get_day("ДатаКонца") or header.get_day("ДатаКонца")
    if not days and not (date_from and date_to):
        raise ExchangeError("day", final.line, value="")
    return Statement(
        account,
        CURRENCIES.get(account[5:8], "RUB"),
        date_from or min(days),
        date_to or max(days),
        opening,
        closing,
        tuple(sorted(entries, key=lambda one: one.day)),
        empty,
        refused,
    )


def _check_totals(
    sections: list[Section],
    account: str,
    entries: list[Entry],
    opening: Decimal | None,
    closing: Decimal | None,
) -> None:
    """:raises ExchangeError: the payments are not what the bank says they come to"""
    received = sum((one.amount for one in entries if one.came_in), Decimal(0))
    spent = -sum((one.amount for one in entries if not one.came_in), Decimal(0))
    # Some banks count a storno on the other side.
    plus = sum((one.amount for one in entries if one.amount > 0), Decimal(0))
    minus = -sum((one.amount for one in entries if one.amount < 0), Decimal(0))
    for name, totals in (
        ("ВсегоПоступило", (received, plus)),
        ("ВсегоСписано", (spent, minus)),
    ):
        told = [one.get_amount(name) for one in sections]
        if told and None not in told and sum(told) not in totals:
            raise ExchangeError(
                "total",
                sections[-1].line,
                account=account,
                name=name,
                told=str(sum(told)),
                found=str(totals[0]),
            )
    if None not in (opening, closing) and opening + received - spent != closing:
        raise ExchangeError(
            "total",
            sections[-1].line,
            account=account,
            name="КонечныйОстаток",
            told=str(closing),
            found=str(opening + received - spent),
        )
