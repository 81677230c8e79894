import base64
import random
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.clinic_base.tests.walls.test_upload_doors import SHEETS, DoorCase

from ..tools.score_training import Row
from ..tools.scoring import COLUMNS
from .decisions import DecisionCommon
from .test_scoring import FACT, START, make_rows

TRAINING = "odoo.addons.clinic_decision.models.clinic_score_training"


@tagged("post_install", "-at_install")
class TestScores(DoorCase, DecisionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.models = cls.env["clinic.score.model"]
        cls.scores = cls.env["clinic.score"]

    def score_all(self):
        with self.without_commits():
            self.scores._cron_score()

    def train(self, kind="no_show", signal=None, count=1500):
        history = patch.object(
            type(self.models),
            "_get_history",
            lambda _self, _kind: make_rows(count, signal),
        )
        with history, self.without_commits():
            return self.models._cron_train()

    def test_fixed_points_are_in_use_from_the_beginning(self):
        used = self.models._get_used()
        self.assertEqual(set(used), {"no_show", "unpaid"})
        self.assertEqual(set(map(lambda one: one.method, used.values())), {"scorecard"})

    def test_coming_visits_get_both_probabilities_with_reasons_in_words(self):
        visit = self.book("09:00")
        self.score_all()
        scores = self.scores.search([("appointment_id", "=", visit.id)])
        self.assertEqual(set(scores.mapped("kind")), {"no_show", "unpaid"})
        one = scores.filtered(lambda score: score.kind == "no_show")
        self.assertTrue(0 < one.probability < 1)
        self.assertIn("New patient raises it", one.reasons_text)

    def test_rules_ask_for_probabilities(self):
        self.create_rule(
            "remind",
            trigger="daily",
            daily_hour=10,
            domain="[('probability_no_show', '>', 0.01)]",
        )
        self.create_rule(
            "task",
            trigger="daily",
            daily_hour=10,
            domain="[('probability_no_show', '>', 0.99)]",
        )
        self.book("09:00")
        self.score_all()
        with self.later(hours=6):
            self.assertEqual(self.run_rules().mapped("kind"), ["remind"])

    def test_a_score_is_not_known_before_it_was_counted(self):
        visit = self.book("09:00")
        before = self.env.cr.now()
        with self.later(hours=1):
            self.score_all()
            self.assertTrue(self.read_fact(visit).probability_no_show)
        self.assertFalse(self.read_fact(visit, before).probability_no_show)

    def test_statements_do_not_grow_with_visits(self):
        visits = [self.book(clock).id for clock in ("09:00", "09:30", "10:00", "10:30")]
        used = self.models._get_used()

        def count(some):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.scores._score(some, used)
            return self.env.cr.sql_log_count - before

        count(visits)
        self.assertEqual(count(visits[:1]), count(visits))

    def test_what_beats_simple_guesses_comes_into_use_by_itself(self):
        self.train(signal=lambda x: 2 * x["missed_share"] - 1)
        used = self.models._get_used()["no_show"]
        self.assertEqual((used.method, used.rows), ("logistic", 1500))
        self.assertIn("Better", used.verdict)
        self.assertIn("<svg", used.calibration_chart)
        self.assertEqual(used.calibration_chart.count("<circle"), 10)
        self.assertIn("The rate of the months before", used.comparison)
        self.assertIn("Share of missed visits", used.weights)

    def test_what_does_not_stays_a_candidate_and_says_so(self):
        self.train(signal=None)
        self.assertEqual(self.models._get_used()["no_show"].method, "scorecard")
        candidate = self.models.search([("state", "=", "candidate")], limit=1)
        self.assertIn("Not better", candidate.verdict)
        candidate.with_user(self.manager).action_use()
        self.assertEqual(self.models._get_used()[candidate.kind], candidate)

    def test_without_the_library_nothing_is_learned_and_all_else_goes_on(self):
        used = self.models._get_used()
        model = used["no_show"].with_user(self.manager)
        self.assertFalse(model.lack)
        upload = (
            self.env["clinic.score.upload"]
            .with_user(self.manager)
            .create({"data": base64.b64encode(b"moment,label\n")})
        )
        with patch.dict("sys.modules", {"sklearn": None}):
            model.invalidate_recordset(["lack"])
            self.assertIn("scikit-learn", model.lack)
            for refused in (model.action_train, upload.action_train):
                with self.assertRaisesRegex(UserError, "not learned on this server"):
                    refused()
            with self.assertLogs(TRAINING, "WARNING") as logged:
                self.train(signal=lambda x: 2 * x["missed_share"] - 1)
            self.assertEqual(len(logged.output), 1)
            self.assertEqual(self.models._get_used(), used)
            visit = self.book("09:00")
            self.score_all()
        scores = self.scores.search([("appointment_id", "=", visit.id)])
        self.assertEqual(len(scores), 2)

    def test_history_gives_what_was_known_a_day_before_and_what_came_of_it(self):
        came, missed = self.book("09:00"), self.book("10:00")
        with self.later(days=1, hours=8):
            missed.action_no_show()
            came.action_arrive()
            came.action_start()
            came.action_done()
        with self.later(days=20):
            rows = self.models._get_history("no_show")
            unpaid = self.models._get_history("unpaid")
        self.assertEqual(sorted(row.label for row in rows), [0, 1])
        self.assertTrue(all(isinstance(row, Row) for row in rows))
        self.assertEqual([row.label for row in unpaid], [1])

    def test_a_file_is_learned_from_and_reported(self):
        chance = random.Random(3)
        lines = [",".join(("moment", *COLUMNS, "label"))]
        for number in range(800):
            missed = chance.randrange(4)
            fact = FACT | {"missed_before": missed}
            label = int(chance.random() < missed / 5)
            moment = START.replace(year=2024 + number // 400, day=1 + number % 28)
            lines.append(
                ",".join((str(moment), *(str(v) for v in fact.values()), str(label)))
            )
        upload = (
            self.env["clinic.score.upload"]
            .with_user(self.manager)
            .create({"data": base64.b64encode("\n".join(lines).encode())})
        )
        model = self.models.browse(upload.action_train()["res_id"])
        self.assertEqual((model.source, model.rows), ("file", 800))
        upload.data = base64.b64encode(b"moment,label\n2024-01-01,1\n")
        with self.assertRaisesRegex(UserError, "Line 1, column “visits_before”"):
            upload.action_train()

    def test_a_file_that_is_too_large_is_refused_before_it_is_read(self):
        uploads = self.env["clinic.score.upload"].with_user(self.manager)
        for content in (*SHEETS.values(), b"1,2\n" * 6_000_000):
            upload = uploads.create({"data": base64.b64encode(content)})
            with self.assert_refused(len(content)):
                upload.action_train()

    def test_only_finance_managers_learn_and_choose(self):
        model = self.models._get_used()["no_show"]
        for user in (self.registrar, self.accountant):
            with self.assertRaises(AccessError):
                model.with_user(user).action_use()
            with self.assertRaises(AccessError):
                model.with_user(user).action_train()
        with self.assertRaisesRegex(UserError, "too little history"):
            model.with_user(self.manager).action_train()
