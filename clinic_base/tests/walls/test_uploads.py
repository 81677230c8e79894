import base64
import io
import tracemalloc
import zipfile

import openpyxl
import xlwt

from odoo.tests import BaseCase, tagged

from ...tools import uploads

CELL = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData></worksheet>"
)


def make_sheet(rows):
    """An .xlsx file whose first sheet has the XML ``rows``."""
    whole, packed = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(whole)
    with (
        zipfile.ZipFile(whole) as source,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = CELL.format(rows=rows).encode()
            target.writestr(name, content)
    return packed.getvalue()


# Inflates to 100 MB, from some hundred kilobytes.
PACKED = make_sheet(" " * 100_000_000)
FAR_CELL = make_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
# A row of 500 000 cells in few bytes of text each, one far to the right, one merged.
MANY_CELLS = make_sheet(f"<row>{'<c/>' * 600_000}</row>")
WIDE = make_sheet('<row r="900"><c r="XFD900"><v>1</v></c></row>')
MERGED = make_sheet("</sheetData><mergeCells><mergeCell ref='A1:XFD999'/></mergeCells>")
EVENT = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:1\r\nDTSTART:20260105T090000Z\r\n"
    "DTEND:20260105T093000Z\r\n{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BUSY_RULES = (
    "RRULE:FREQ=SECONDLY",
    "RRULE:FREQ=SECONDLY;COUNT=2419200",
    "rrule;X=1:freq=minutely",
    "RRULE:FREQ=WEEKLY;BYSECOND=0,1,2,3;BYMINUTE=0,1,2",
    "RRULE:FREQ=SEC\r\n ONDLY",
    "x.RRULE:FREQ=HOURLY",
    "RRULE:",
)


@tagged("post_install", "-at_install")
class TestUploads(BaseCase):
    def measure(self, read, *arguments):
        """Peak of memory while ``read`` refuses, in megabytes."""
        tracemalloc.start()
        try:
            with self.assertRaises(uploads.TooLargeError):
                result = read(*arguments)
                list(result if result is not None else ())
            return tracemalloc.get_traced_memory()[1] / 1024**2
        finally:
            tracemalloc.stop()

    def test_what_is_too_long_is_not_decoded(self):
        self.assertLess(self.measure(uploads.decode, b"A" * 40_000_000), 1)

    def test_what_unpacks_to_too_much_is_not_unpacked(self):
        self.assertLess(len(PACKED), 1_000_000)
        self.assertLess(self.measure(uploads.check, PACKED), 5)
        self.assertLess(self.measure(uploads.read_sheet, PACKED, 5000), 5)

    def test_a_cell_far_below_is_not_a_million_rows(self):
        self.assertLess(self.measure(uploads.read_sheet, FAR_CELL, 100), 20)

    def test_cells_are_counted_also_those_that_are_left_out(self):
        for content in (FAR_CELL, MANY_CELLS, WIDE, MERGED):
            self.assertLess(self.measure(uploads.check, content), 20)

    def test_rules_within_a_day_are_refused_before_anything_repeats(self):
        for rule in BUSY_RULES:
            content = EVENT.format(rule=rule).encode()
            with self.subTest(rule=rule):
                peak = self.measure(uploads.read_calendar_text, content, 5)
                self.assertLess(peak, 1)

    def test_a_list_of_dates_is_counted_before_it_is_read(self):
        for name in ("RDATE", "EXDATE;VALUE=DATE", "rdate;tzid=Europe/Moscow"):
            dates = ",".join(["20260302T060000Z"] * 15_000)
            content = EVENT.format(rule=f"{name}:{dates}\n{name}:{dates}").encode()
            with self.subTest(name=name):
                self.measure(uploads.read_calendar_text, content, 5)

    def test_a_zone_with_such_a_rule_is_refused_too(self):
        content = (
            "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\n"
            "DTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\nEND:STANDARD\n"
            "END:VTIMEZONE\nEND:VCALENDAR"
        )
        self.measure(uploads.read_calendar_text, content.encode(), 5)

    def test_nesting_and_numbers_are_bounded(self):
        nested = b"BEGIN:VEVENT\n" * 50_000
        self.assertLess(self.measure(uploads.read_calendar_text, nested, 10**6), 20)
        many = EVENT.format(rule="X:1").encode() * 10
        self.measure(uploads.read_calendar_text, many, 5)

    def test_ordinary_tables_pass(self):
        uploads.check_table("Фамилия;Имя\nИванов;Иван\n" * 1000)
        uploads.check_table("a" * 100_000 + "\n")
        book = xlwt.Workbook()
        book.add_sheet("1").write(200, 9, "x")
        content = io.BytesIO()
        book.save(content)
        uploads.check_old_sheets(content.getvalue())
        with self.assertRaises(uploads.UnreadableError):
            uploads.check_old_sheets(b"none")

    def test_an_encoding_is_guessed_by_the_beginning(self):
        for text, encoding in (
            ("Фамилия", "utf-8"),
            ("\ufeffФамилия", "utf-8-sig"),
            ("Фамилия;Имя;Отчество\n" * 9000, "cp1251"),
        ):
            content = text.encode(encoding.removesuffix("-sig"))
            found = uploads.guess_encoding(content)
            self.assertEqual(content.decode(found), text.lstrip("\ufeff"))

    def test_ordinary_files_are_read(self):
        sheet = make_sheet('<row r="1"><c r="A1"><v>7</v></c></row>')
        self.assertEqual(next(uploads.read_sheet(sheet, 5))[0], 7)
        text = EVENT.format(rule="RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5")
        self.assertIn("COUNT=5", uploads.read_calendar_text(text.encode(), 5))
        self.assertEqual(uploads.decode(base64.b64encode(b"a;b")), b"a;b")

    def test_what_is_none_is_called_so(self):
        for content in (b"PK\x03\x04broken", b"no archive"):
            with self.assertRaises(uploads.UnreadableError):
                list(uploads.read_sheet(content, 5))
        with self.assertRaises(uploads.UnreadableError):
            uploads.read_calendar_text(b"\xff", 5)
