import io

from odoo.tests import tagged

from ...tools.identity import judge
from ...tools.patient_rows import Layout, Reader, Row
from ..common import ClinicCommon
from ..hostile import TITLES, generate

ROWS = 400


@tagged("post_install", "-at_install")
class TestHostileRows(ClinicCommon):
    def test_nothing_crashes_is_lost_or_is_another_persons(self):
        rows = list(generate(ROWS, seed=11))
        text = "\n".join([TITLES, *(row for _person, row in rows)]) + "\n"
        handle = io.BytesIO(text.encode())
        read = list(Reader(handle, Layout.of(handle)))
        self.assertEqual([item.line for item in read], list(range(2, ROWS + 2)))
        for (person, row), item in zip(rows, read, strict=True):
            with self.subTest(row):
                self.assertEqual(bool(person), isinstance(item, Row))
                if person and item.birthdate:
                    self.assertEqual(item.birthdate, person.born.isoformat())
                if person and item.snils:
                    self.assertEqual(item.snils, person.snils)

    def test_a_file_of_them_is_taken_once(self):
        rows = list(generate(ROWS, seed=12))
        text = "\n".join([TITLES, *(row for _person, row in rows)]) + "\n"
        imports = self.env["clinic.patient.import"]
        counts = []
        for _time in range(2):
            run = imports.create({"name": "h.csv", "size": len(text.encode())})
            file = io.BytesIO(text.encode())
            run.state = "running"
            while run._import_batch(file):
                pass
            self.assertEqual(run.created + run.rejected, ROWS)
            counts.append(run.created)
        self.assertEqual(counts[1], 0)
        people = {person.snils: person for person, _row in rows if person}
        cards = self.env["clinic.patient"].search([("snils", "in", list(people))])
        self.assertEqual(len(cards), len(set(cards.mapped("snils"))))
        for card in cards:
            self.assertIn(card.birthdate, (False, people[card.snils].born))

    def test_the_order_of_two_rows_does_not_matter(self):
        rows = [row for person, row in generate(120, seed=13) if person]
        handle = io.BytesIO("\n".join([TITLES, *rows, ""]).encode())
        people = [row.get_identity() for row in Reader(handle, Layout.of(handle))]
        for one in people[:40]:
            for other in people:
                self.assertEqual(judge(one, other), judge(other, one))
