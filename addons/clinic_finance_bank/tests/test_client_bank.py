import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings, strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.client_bank import (
    ExchangeError,
    decode,
    is_exchange,
    parse,
    read_statements,
    to_amount,
)

FILES = Path(__file__).parent / "files"
OWN, SECOND = "40702810900000000001", "40702810200000000007"

accounts = st.integers(10**19, 10**20 - 1).map(str)
payments = st.lists(
    st.tuples(
        st.booleans(),  # comes in
        st.integers(1, 10**11),  # kopecks
        st.integers(0, 60),  # days
        accounts.filter(lambda account: account != OWN),
        st.text(
            st.characters(codec="cp1251", exclude_categories=["Cc", "Zs"]), max_size=40
        ),
    ),
    max_size=12,
)


def write(items, opening=0, encoding="cp1251", newline="\r\n", **totals):
    """A file of one account with ``items`` as of ``payments``, in kopecks."""
    received = sum(item[1] for item in items if item[0])
    spent = sum(item[1] for item in items if not item[0])
    told = {
        "НачальныйОстаток": opening,
        "ВсегоПоступило": received,
        "ВсегоСписано": spent,
        "КонечныйОстаток": opening + received - spent,
        **totals,
    }
    lines = ["1CClientBankExchange", "ВерсияФормата=1.03", f"РасчСчет={OWN}"]
    lines += ["СекцияРасчСчет", "ДатаНачала=01.01.2026", "ДатаКонца=31.03.2026"]
    lines += [f"РасчСчет={OWN}"]
    lines += [f"{key}={value / 100:.2f}" for key, value in told.items()]
    lines += ["КонецРасчСчет"]
    for number, (comes, amount, days, other, purpose) in enumerate(items):
        day = (date(2026, 1, 1) + timedelta(days)).strftime("%d.%m.%Y")
        payer, payee = (other, OWN) if comes else (OWN, other)
        lines += [
            "СекцияДокумент=Платежное поручение",
            f"Номер={number}",
            f"Сумма={amount / 100:.2f}",
            f"Дата={day}",
            # Some banks name the payee first.
            *(f"ПолучательСчет={payee}", f"ПлательщикСчет={payer}")[:: 1 - 2 * comes],
            f"НазначениеПлатежа={purpose}",
            "ЧтоТоНовое=1",
            "КонецДокумента",
        ]
    lines += ["КонецФайла"]
    return newline.join(lines).encode(encoding)


@tagged("-at_install", "post_install")
class TestClientBank(BaseCase):
    def read(self, name):
        return read_statements((FILES / name).read_bytes())

    def assertRefused(self, code, line, data):
        with self.assertRaises(ExchangeError) as caught:
            read_statements(data)
        self.assertEqual((caught.exception.code, caught.exception.line), (code, line))

    def test_a_usual_file_is_read_whole(self):
        (statement,) = self.read("kl_to_1c.txt")
        self.assertEqual((statement.account, statement.currency), (OWN, "RUB"))
        self.assertEqual(statement.date_to, date(2026, 3, 2))
        self.assertEqual(statement.opening, Decimal("10000.00"))
        self.assertEqual(
            [(entry.number, entry.amount) for entry in statement.entries],
            [
                ("123", Decimal("5400.00")),
                ("7", Decimal("-1250.50")),
                ("8", Decimal("3000.00")),
            ],
        )
        first, second, _third = statement.entries
        self.assertEqual(first.partner, "Петров Пётр")
        self.assertEqual(first.partner_account, "40817810500000000002")
        self.assertIn("INV/2026/00017", first.purpose)
        self.assertEqual(first.source.fields["КодНазПлатежа"], "1")
        self.assertEqual(second.partner, "ООО «Скрепка»")

    def test_a_dirty_file_of_dos_is_understood(self):
        (statement,) = self.read("dirty_dos.txt")
        (entry,) = statement.entries
        self.assertEqual(entry.amount, Decimal("2500.50"))
        self.assertEqual(entry.day, date(2026, 3, 1))
        self.assertEqual(entry.purpose, "Оплата за услуги; цена=2500,50")

    def test_money_between_our_accounts_moves_on_both(self):
        first, second = self.read("two_accounts.txt")
        self.assertEqual((first.account, second.account), (OWN, SECOND))
        self.assertEqual(first.entries[0].amount, Decimal(-2000))
        self.assertEqual(second.entries[0].amount, Decimal(2000))

    def test_a_file_is_known_by_its_first_line(self):
        self.assertTrue(is_exchange(b"\xef\xbb\xbf\r\n1CClientBankExchange\r\n"))
        self.assertFalse(is_exchange(b"<?xml version='1.0'?>"))

    def test_errors_name_the_line(self):
        good = write([(True, 100, 0, SECOND, "a")]).decode("cp1251")
        for code, line, old, new in (
            ("truncated", 21, "КонецФайла", ""),
            ("unclosed", 13, "КонецДокумента\r\n", ""),
            ("unopened", 11, "СекцияРасчСчет\r\n", ""),
            ("amount", 13, "Сумма=1.00", "Сумма=один"),
            ("total", 4, "Сумма=1.00", "Сумма=-1.00"),
            ("amount", 13, "Сумма=1.00", ""),
            ("day", 13, "Дата=01.01.2026", "Дата=2026/13/45"),
            ("day", 13, "Дата=01.01.2026", ""),
            ("foreign", 13, f"ПолучательСчет={OWN}", "ПолучательСчет=1"),
            ("total", 4, "ВсегоПоступило=1.00", "ВсегоПоступило=2.00"),
            ("total", 4, "КонечныйОстаток=1.00", "КонечныйОстаток=2.00"),
        ):
            with self.subTest(code, new=new):
                self.assertIn(old, good)
                text = good.replace(old, new)
                self.assertRefused(code, line, text.encode("cp1251"))
        self.assertRefused(
            "no_account",
            0,
            "1CClientBankExchange\nВерсияФормата=1\nКонецФайла".encode(),
        )
        self.assertRefused("encoding", 0, b"1CClientBankExchange\n\xff\xfe")

    def test_a_document_without_money_is_left_out_and_counted(self):
        (statement,) = read_statements(
            write([(True, 0, 0, SECOND, "a"), (True, 100, 0, SECOND, "b")])
        )
        self.assertEqual([entry.purpose for entry in statement.entries], ["b"])
        self.assertEqual(statement.empty, 1)

    def test_a_storno_lessens_the_side_that_it_is_on(self):
        items = [(True, 10000, 0, SECOND, "a"), (True, -4000, 0, SECOND, "b")]
        items += [(False, -500, 0, SECOND, "c")]
        (statement,) = read_statements(write(items))
        self.assertEqual([entry.amount for entry in statement.entries], [100, -40, 5])
        self.assertEqual(statement.closing, 65)

    def test_a_bank_may_count_a_storno_on_the_other_side(self):
        items = [(True, 10000, 0, SECOND, "a"), (True, -4000, 0, SECOND, "b")]
        told = {"ВсегоПоступило": 10000, "ВсегоСписано": 4000}
        (statement,) = read_statements(write(items, **told))
        self.assertEqual([entry.amount for entry in statement.entries], [100, -40])

    def test_a_document_that_cannot_be_understood_keeps_no_other_out(self):
        items = [(True, 100, 0, SECOND, "a"), (True, 200, 1, SECOND, "b")]
        text = write(items).decode("cp1251")
        for old, new, code in (
            ("Сумма=2.00", "Сумма=два", "amount"),
            ("Сумма=2.00", f"Сумма={10**39}", "amount"),
            ("Дата=02.01.2026", "Дата=32.01.2026", "day"),
        ):
            with self.subTest(new):
                self.assertIn(old, text)
                data = text.replace(old, new).encode("cp1251")
                (statement,) = read_statements(data)
                self.assertEqual([one.purpose for one in statement.entries], ["a"])
                (refused,) = statement.refused
                self.assertEqual((refused.code, refused.line), (code, 22))

    def test_alike_transfers_of_a_transit_account_have_keys_of_their_own(self):
        def read(*purposes):
            text = write([(True, 100, 0, SECOND, purpose) for purpose in purposes])
            text = re.sub(r"Номер=\d", "Номер=7", text.decode("cp1251"))
            (statement,) = read_statements(text.encode("cp1251"))
            return {entry.purpose: entry.key for entry in statement.entries}

        morning, evening = (
            read("Приём, Борисов"),
            read("Приём, Антонов", "ПРИЁМ  Борисов"),
        )
        self.assertEqual(len(set(evening.values())), 2)
        self.assertEqual(morning["Приём, Борисов"], evening["ПРИЁМ  Борисов"])
        fees = re.sub(
            r"Номер=\d",
            "Номер=7",
            write([(True, 100, 0, SECOND, "fee")] * 2).decode("cp1251"),
        )
        (statement,) = read_statements(fees.encode("cp1251"))
        self.assertEqual(len({entry.key for entry in statement.entries}), 2)

    def test_a_purpose_of_several_lines_keeps_its_words_with_an_equals_sign(self):
        text = write([(True, 100, 0, SECOND, "Оплата")]).decode("cp1251")
        more = "НазначениеПлатежа=Оплата\r\nпо счёту 7\r\nНДС=0, цена=1\r\nцена=1"
        text = text.replace("НазначениеПлатежа=Оплата", more)
        (statement,) = read_statements(text.encode("cp1251"))
        (entry,) = statement.entries
        self.assertEqual(entry.purpose, "Оплата по счёту 7 НДС=0, цена=1 цена=1")
        self.assertEqual(entry.source.fields["ЧтоТоНовое"], "1")

    def test_totals_that_the_bank_does_not_tell_are_not_asked_for(self):
        text = write([(True, 100, 0, SECOND, "a")]).decode("cp1251")
        for key in ("ВсегоПоступило=1.00", "ВсегоСписано=0.00"):
            text = text.replace(f"{key}\r\n", "")
        (statement,) = read_statements(text.encode("cp1251"))
        self.assertEqual(statement.closing, Decimal(1))

    def test_sections_of_single_days_make_one_period(self):
        day = "СекцияРасчСчет\nДатаНачала={}\nДатаКонца={}\n"
        day += f"РасчСчет={OWN}\nНачальныйОстаток={{}}\nКонечныйОстаток={{}}\n"
        day += "КонецРасчСчет\n"
        text = "1CClientBankExchange\nКодировка=Windows\n"
        text += day.format("02.03.2026", "02.03.2026", 5, 5)
        text += day.format("01.03.2026", "01.03.2026", 5, 5) + "КонецФайла"
        (statement,) = read_statements(text.encode("cp1251"))
        self.assertEqual(statement.date_from, date(2026, 3, 1))
        self.assertEqual(statement.date_to, date(2026, 3, 2))

    def test_fees_alike_to_the_last_sign_are_two(self):
        fee = (False, 500, 3, SECOND, "Комиссия")
        data = write([fee, fee]).replace(
            "Номер=1".encode("cp1251"), "Номер=0".encode("cp1251")
        )
        (statement,) = read_statements(data)
        self.assertEqual(len({entry.key for entry in statement.entries}), 2)
        (again,) = read_statements(data)
        self.assertEqual(statement.entries, again.entries)

    def test_amounts_as_banks_write_them(self):
        for text in (
            "1234.5",
            "1 234,50",
            "1\u00a0234.50",
            "1,234.50",
            "1.234,50",
            "1234-50",
            "1'234.500",
        ):
            self.assertEqual(to_amount(text), Decimal("1234.50"), text)
        for text in ("", "1.234.5", "12.345", "5 руб.", "1e5", "--1", "9" * 40):
            with self.assertRaises(ExchangeError, msg=text):
                to_amount(text)

    @settings(max_examples=60, deadline=None)
    @given(items=payments, opening=st.integers(-(10**9), 10**9))
    def test_nothing_is_lost_in_any_encoding(self, items, opening):
        told = {
            (comes, amount, day, other) for comes, amount, day, other, _text in items
        }
        for encoding, newline in (("cp1251", "\r\n"), ("utf-8", "\n")):
            (statement,) = read_statements(write(items, opening, encoding, newline))
            self.assertEqual(len(statement.entries), len(items))
            self.assertEqual(
                {
                    (
                        entry.amount > 0,
                        int(abs(entry.amount) * 100),
                        (entry.day - date(2026, 1, 1)).days,
                        entry.partner_account,
                    )
                    for entry in statement.entries
                },
                told,
            )
            self.assertEqual(
                len({entry.key for entry in statement.entries}), len(items)
            )

    @settings(max_examples=60, deadline=None)
    @given(items=payments.filter(bool), wrong=st.integers(1, 10**6))
    def test_a_wrong_total_is_always_found(self, items, wrong):
        received = sum(item[1] for item in items if item[0])
        with self.assertRaises(ExchangeError):
            read_statements(write(items, ВсегоПоступило=received + wrong))

    @settings(max_examples=150, deadline=None)
    @given(tail=st.binary(max_size=200))
    def test_rubbish_is_refused_and_never_breaks(self, tail):
        try:
            read_statements(b"1CClientBankExchange\r\n" + tail)
        except ExchangeError as error:
            self.assertTrue(error.code)

    def test_a_file_in_utf_8_with_a_broken_letter_is_readable(self):
        data = write([(True, 100, 0, SECOND, "a")], encoding="utf-8")
        text = decode(data.replace(b"=a", b"=\xff"))
        self.assertEqual(len(parse(text).documents), 1)
