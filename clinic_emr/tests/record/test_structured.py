from odoo.tests import BaseCase, tagged

from ...tools import structured
from ...tools.file_kinds import kind_of

LEVELS = (("никогда", 0), ("часто", 2))
OPTIONS = [{"key": key, "label": key, "points": points} for key, points in LEVELS]
DEFINITION = {
    "sections": [
        {
            "key": "s",
            "title": "Тревога",
            "fields": [
                {
                    "key": "a",
                    "label": "Беспокойство",
                    "kind": "choice",
                    "options": OPTIONS,
                    "required": True,
                },
                {"key": "b", "label": "Сила", "kind": "scale", "low": 0, "high": 10},
                {
                    "key": "n",
                    "label": "ЧДД",
                    "kind": "number",
                    "unit": "/мин",
                    "low": 12,
                    "high": 20,
                },
                {"key": "t", "label": "Заметка", "kind": "text"},
                {
                    "key": "sum",
                    "label": "Сумма",
                    "kind": "score",
                    "bands": [
                        {"low": 0, "high": 4, "label": "норма", "level": "normal"},
                        {"low": 5, "high": 12, "label": "тревога", "level": "alarm"},
                    ],
                },
            ],
        }
    ]
}


def get_score(answers):
    [(_field, score)] = structured.iter_scores(DEFINITION, answers)
    return score


@tagged("-at_install", "post_install")
class TestStructured(BaseCase):
    def test_a_score_adds_up_choices_and_scales_and_is_interpreted(self):
        score = get_score({"a": "часто", "b": 5})
        self.assertEqual((score.points, score.band["label"]), (7, "тревога"))
        self.assertEqual(get_score({"a": "никогда", "b": 0}).band["label"], "норма")

    def test_half_a_scale_is_not_interpreted(self):
        score = get_score({"b": 7})
        self.assertEqual((score.points, score.answered, score.asked), (7, 1, 2))
        self.assertIsNone(score.band)
        self.assertFalse(score.is_complete)

    def test_zero_is_an_answer(self):
        self.assertTrue(get_score({"a": "никогда", "b": 0}).is_complete)
        self.assertEqual(structured.keep_asked(DEFINITION, {"b": 0}), {"b": 0})

    def test_answers_that_do_not_fit_are_named(self):
        for key, value, label in (
            ("a", "иногда", "Беспокойство"),
            ("b", 11, "Сила"),
            ("b", 1.5, "Сила"),
            ("b", True, "Сила"),
            ("n", "много", "ЧДД"),
            ("t", 5, "Заметка"),
            ("t", "а" * (structured.LONGEST_TEXT + 1), "Заметка"),
        ):
            with self.subTest(key=key, value=str(value)[:10]):
                with self.assertRaisesRegex(structured.AnswerError, label):
                    structured.check_answers(DEFINITION, {key: value})
        structured.check_answers(
            DEFINITION, {"a": "часто", "b": 10, "n": 40.5, "t": "x", "other": 1}
        )

    def test_what_is_missing_and_what_is_not_asked(self):
        self.assertEqual(structured.missing_labels(DEFINITION, {}), ["Беспокойство"])
        self.assertFalse(structured.missing_labels(DEFINITION, {"a": "часто"}))
        kept = structured.keep_asked(DEFINITION, {"t": "x", "other": 1, "n": None})
        self.assertEqual(kept, {"t": "x"})

    def test_print_shows_flags_and_interpretation_and_no_empty_rows(self):
        rendered = structured.render(
            DEFINITION, {"a": "часто", "b": 5, "n": 25}, lambda value: f"{value:g}"
        )
        rows = [
            (r["label"], r["text"], r["note"], r["flag"]) for r in rendered[0]["rows"]
        ]
        self.assertEqual(
            rows,
            [
                ("Беспокойство", "часто", "", ""),
                ("Сила", "5", "", ""),
                ("ЧДД", "25 /мин", "", "high"),
                ("Сумма", "7", "тревога", "alarm"),
            ],
        )
        self.assertEqual(structured.render(DEFINITION, {}, str), [])

    def test_a_file_is_what_its_first_bytes_say(self):
        for head, name in (
            (b"%PDF-1.7", "pdf"),
            (b"\xff\xd8\xff\xe0", "jpeg"),
            (b"\x89PNG\r\n\x1a\n", "png"),
            (bytes(128) + b"DICM", "dicom"),
        ):
            self.assertEqual(kind_of(head).name, name)
        for head in (b"<html>", b"<svg", b"PK\x03\x04", b"GIF89a", b"", b" %PDF-"):
            self.assertIsNone(kind_of(head))
