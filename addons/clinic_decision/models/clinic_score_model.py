from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.misc import formatLang

from ..tools.score_training import can_train
from ..tools.scoring import SCORECARDS, get_weights

KINDS = [
    ("no_show", "The patient does not come"),
    ("unpaid", "The visit stays unpaid"),
]
WIDTH, HEIGHT, MARGIN = 360, 260, 40


class ClinicScoreModel(models.Model):
    """How a probability is counted, from what data, and how good it is."""

    _name = "clinic.score.model"
    _description = "Score"
    _inherit = ["clinic.engine.row.mixin", "clinic.archive.mixin"]
    _order = "id desc"

    kind = fields.Selection(
        KINDS, string="What may happen", required=True, default="no_show"
    )
    method = fields.Selection(
        [("scorecard", "Fixed points"), ("logistic", "Learned from history")],
        required=True,
        readonly=True,
        default="scorecard",
    )
    source = fields.Selection(
        [("none", "No data"), ("history", "The clinic's visits"), ("file", "A file")],
        string="Learned from",
        required=True,
        readonly=True,
        default="none",
    )
    state = fields.Selection(
        [("candidate", "Candidate"), ("used", "In use"), ("retired", "Retired")],
        required=True,
        readonly=True,
        default="candidate",
        copy=False,
    )
    params = fields.Json(required=True, readonly=True)
    report = fields.Json(readonly=True)
    trained_on = fields.Datetime(readonly=True, default=lambda self: self.env.cr.now())
    period_from = fields.Date(readonly=True)
    period_to = fields.Date(readonly=True)
    rows = fields.Integer(string="Visits", readonly=True)
    rate = fields.Float(string="Went wrong", readonly=True, help="Share of the visits.")
    auc = fields.Float(
        string="AUC",
        digits=(4, 3),
        readonly=True,
        help="How often one that went wrong got more than one that did not; 0.5 is"
        " chance, 1 is perfect.",
    )
    brier = fields.Float(
        string="Brier score",
        digits=(5, 4),
        readonly=True,
        help="Mean square of the error; less is better.",
    )
    log_loss = fields.Float(
        digits=(5, 4), readonly=True, help="Punishes false certainty; less is better."
    )
    beats_baselines = fields.Boolean(
        string="Better than simple guesses",
        readonly=True,
        help="On unseen visits, by more than chance: than the rate of the months before"
        " them, and than what happened the time before; and it tells who went wrong"
        " from who did not.",
    )
    verdict = fields.Char(compute="_compute_verdict")
    lack = fields.Char(string="What is missing", compute="_compute_lack")
    comparison = fields.Html(compute="_compute_report_html", sanitize=False)
    calibration_chart = fields.Html(compute="_compute_report_html", sanitize=False)
    weights = fields.Html(compute="_compute_report_html", sanitize=False)

    _one_used = models.UniqueIndex(
        "(kind) WHERE state = 'used'", "Another score is in use already."
    )

    @api.model
    def _has_own_records(self, modules):
        """What was learned; the fixed points come with the module."""
        everything = self.with_context(active_test=False)
        return bool(everything.search_count([("source", "!=", "none")], limit=1))

    @api.depends("kind", "trained_on")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for model in self:
            model.display_name = f"{labels.get(model.kind, '')} ({model.id or '…'})"

    @api.depends("method", "beats_baselines")
    def _compute_verdict(self):
        for model in self:
            if model.method == "scorecard":
                model.verdict = self.env._(
                    "Fixed points, set by hand and not measured: used until there is"
                    " enough history."
                )
            elif model.beats_baselines:
                model.verdict = self.env._(
                    "Better than simple guesses on visits that it has never seen."
                )
            else:
                model.verdict = self.env._(
                    "Not better than simple guesses, or than chance, on visits that it"
                    " has never seen: it is not switched on by itself."
                )

    @api.depends_context("lang")
    def _compute_lack(self):
        self.lack = not can_train() and self._get_lack()

    # === REPORT === #

    @api.depends("report", "params")
    @api.depends_context("lang")
    def _compute_report_html(self):
        for model in self:
            model.weights = model._render_weights()
            model.comparison = model.report and model._render_comparison()
            model.calibration_chart = model.report and model._render_chart()

    def _render(self, name, **values):
        return self.env["ir.qweb"]._render(f"clinic_decision.score_{name}", values)

    def _render_comparison(self):
        def show(figures):
            return [
                formatLang(self.env, figures[name], digits=3)
                for name in ("auc", "brier", "log_loss")
            ]

        report = self.report
        guesses = {name: show(report[name]) for name in ("score", "last", "rate")}
        if error := report.get("auc_error"):
            # How far chance alone may move it.
            guesses["score"][0] += " ± " + formatLang(self.env, 2 * error, digits=3)
        return self._render("comparison", **guesses)

    def _render_weights(self):
        labels = self.env["clinic.score"]._get_feature_labels()
        some = sorted(
            get_weights(self.params).items() if self.params else (),
            key=lambda pair: -abs(pair[1]),
        )
        weights = [
            (
                labels.get(name, name),
                "+" * (weight > 0) + formatLang(self.env, weight, digits=2),
            )
            for name, weight in some
            if weight
        ]
        return self._render("weights", weights=weights)

    def _render_chart(self):
        """What was predicted against what happened; on the line it is right."""
        bins = self.report["bins"]
        top = max(max(pair) for pair in bins) * 1.1 or 1

        def place(chance, share):
            x = MARGIN + chance / top * (WIDTH - MARGIN - 10)
            y = HEIGHT - MARGIN - share / top * (HEIGHT - MARGIN - 10)
            return round(x, 1), round(y, 1)

        return self._render(
            "chart",
            width=WIDTH,
            height=HEIGHT,
            margin=MARGIN,
            origin=place(0, 0),
            corner=place(top, top),
            points=[place(mean, share) for mean, share in bins],
            top=f"{top:.0%}",
        )

    # === USE === #

    @api.model
    def _get_used(self):
        """The score in use, by kind."""
        return {model.kind: model for model in self.search([("state", "=", "used")])}

    @api.model
    def _create_scorecards(self):
        """Fixed points for each kind that has no score in use."""
        used = self._get_used()
        return self.create(
            [
                {"kind": kind, "params": card, "state": "used"}
                for kind, card in SCORECARDS.items()
                if kind not in used
            ]
        )

    def action_use(self):
        """Use this score from now on, whatever its report says: a person decides."""
        self.ensure_one()
        self._check_manager()
        if self.state == "used":
            raise UserError(self.env._("This score is in use."))
        # The role has been checked; scores are written by nobody by hand.
        return self.sudo()._use()

    @api.model
    def _check_manager(self):
        self.check_access("read")
        if not self.env.user.has_group("clinic_base.group_finance_manager"):
            raise AccessError(
                self.env._("Scores are learned and chosen by finance managers.")
            )

    def _use(self):
        self._get_used().get(self.kind, self.browse()).state = "retired"
        self.flush_model()
        self.state = "used"
        return True
