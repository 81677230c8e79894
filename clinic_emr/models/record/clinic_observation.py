from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.clinic_base.fields import EncryptedJson

from ...tools.signing import SIGNING
from ...tools.structured import flag_of

# Never changed once the observation is final; a correction is a new version.
KEPT = frozenset(
    (
        "measure",
        "type_id",
        "patient_id",
        "encounter_id",
        "order_id",
        "date",
        "previous_id",
    )
)


class ClinicObservation(models.Model):
    """One measured value: vitals, scores of scales and laboratory alike.

    Value, unit and reference range lie sealed in ``measure`` as they were on the day;
    type and date stay readable, so that the database can search by them.
    """

    _name = "clinic.observation"
    _description = "Observation"
    _inherit = ["clinic.own.patient.mixin"]
    _order = "date desc, id desc"

    encounter_id = fields.Many2one(
        "clinic.encounter", index=True, readonly=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        "clinic.order", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    type_id = fields.Many2one(
        "clinic.observation.type", required=True, index=True, ondelete="restrict"
    )
    date = fields.Datetime(required=True, default=lambda self: self.env.cr.now())
    measure = EncryptedJson(
        help='{"value": number, "text": result in words, "unit": text, "low": number'
        ' or null, "high": number or null, "digits": number}'
    )
    value = fields.Float(compute="_compute_value", inverse="_inverse_value", digits=0)
    value_text = fields.Char(string="Result", compute="_compute_value")
    unit = fields.Char(compute="_compute_value")
    reference = fields.Char(string="Reference range", compute="_compute_value")
    flag = fields.Selection(
        [("normal", "Normal"), ("low", "Low"), ("high", "High")],
        compute="_compute_value",
    )
    source = fields.Selection(
        [
            ("manual", "Entered by hand"),
            ("computed", "Computed"),
            ("template", "Scale of a protocol"),
            ("laboratory", "Laboratory"),
        ],
        required=True,
        default="manual",
        readonly=True,
    )
    status = fields.Selection(
        [
            ("preliminary", "Preliminary"),
            ("final", "Final"),
            ("corrected", "Replaced by a correction"),
        ],
        required=True,
        default="final",
        readonly=True,
    )
    version = fields.Integer(default=1, readonly=True)
    previous_id = fields.Many2one(
        "clinic.observation", string="Corrects", ondelete="restrict"
    )

    _patient_type_date = models.Index("(patient_id, type_id, date)")
    _corrected_once = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "This value has been corrected already. Open the newest one.",
    )

    def _get_neutral_name(self):
        return self.env._("Observation %(id)s", id=self.id or "")

    @api.depends("measure", "type_id")
    @api.depends_context("lang")
    def _compute_value(self):
        for one in self:
            measure = one.measure or {}
            value = measure.get("value")
            low, high = measure.get("low"), measure.get("high")
            one.value = value or 0
            one.value_text = measure.get("text") or one._format(value)
            one.unit = measure.get("unit") or ""
            one.flag = value is not None and flag_of(value, low, high)
            one.reference = one._format_range(low, high)

    def _inverse_value(self):
        for one in self:
            one.measure = one._prepare_measure(one.type_id, one.patient_id, one.value)

    def _format(self, value):
        if value is None:
            return ""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        digits = (self.measure or {}).get("digits", self.type_id.digits)
        text = f"{value:.{digits or 0}f}"
        return text.replace(".", lang.decimal_point or ".")

    def _format_range(self, low, high):
        if low is None and high is None:
            return ""
        if low is None:
            return f"≤ {self._format(high)}"
        if high is None:
            return f"≥ {self._format(low)}"
        return f"{self._format(low)}–{self._format(high)}"

    # === CRUD === #

    @api.model
    def _prepare_measure(self, type_, patient, value, text=None):
        """What ``measure`` holds for ``value`` of ``patient``, range of today included.

        :raises UserError: if the value cannot be right
        """
        highest = type_.highest or float("inf")
        if value is not None and not type_.lowest <= value <= highest:
            raise UserError(
                self.env._(
                    "%(name)s: %(value)s cannot be right. Check it.",
                    name=type_.name,
                    value=f"{value:g}",
                )
            )
        age = patient.age if patient.birthdate else None
        low, high = type_.get_range(patient.sex, age)
        return {
            "value": value,
            "text": text,
            "unit": type_.unit or "",
            "low": low,
            "high": high,
            "digits": type_.digits or 0,
        }

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_create_vals(vals) for vals in vals_list]
        observations = super().create(vals_list)
        observations._check_changeable()
        replaced = observations.previous_id
        replaced.with_context(clinic_signing=SIGNING).write({"status": "corrected"})
        return observations

    @api.model
    def _prepare_create_vals(self, vals):
        """``vals`` with ``measure`` made of ``value``, and what a correction takes."""
        vals = {
            **vals,
            **self._prepare_result_vals(vals.get("order_id")),
            **self._prepare_correction_vals(vals.get("previous_id")),
        }
        if "value" in vals:
            type_ = self.env["clinic.observation.type"].browse(vals["type_id"])
            patient = self.env["clinic.patient"].browse(vals["patient_id"])
            vals["measure"] = self._prepare_measure(type_, patient, vals.pop("value"))
        return vals

    @api.model
    def _prepare_result_vals(self, order_id):
        """What the result of an order takes from it."""
        order = self.env["clinic.order"].browse(order_id or ())
        if not order:
            return {}
        if order.state not in ("ordered", "in_progress"):
            raise UserError(self.env._("Results belong to an order in force."))
        return {"patient_id": order.patient_id.id, "source": "laboratory"}

    @api.model
    def _prepare_correction_vals(self, previous_id):
        old = self.browse(previous_id or ())
        if not old:
            return {}
        if old.status != "final":
            raise UserError(
                self.env._("A draft value is changed in its protocol, not corrected.")
            )
        return {
            "patient_id": old.patient_id.id,
            "encounter_id": old.encounter_id.id,
            "type_id": old.type_id.id,
            "date": old.date,
            "source": old.source,
            "order_id": old.order_id.id,
            "version": old.version + 1,
        }

    @api.model
    def _get_patient_merge_domain(self, _kept):
        """A final value keeps the card for which it was measured."""
        return [("status", "=", "preliminary")]

    def write(self, vals):
        if KEPT & vals.keys():
            if any(one.status != "preliminary" for one in self):
                raise UserError(
                    self.env._("A final value is not changed. Correct it instead.")
                )
            self._check_changeable()
        if {"status", "version"} & vals.keys() and not self._is_signing():
            raise UserError(self.env._("The program itself keeps states and versions."))
        return super().write(vals)

    def _is_signing(self):
        return self.env.context.get("clinic_signing") is SIGNING

    def _check_changeable(self):
        """Values of a signed protocol come by signing or correction alone."""
        if self._is_signing():
            return
        drafts = self.filtered(lambda one: not one.previous_id).encounter_id
        drafts._check_unsigned()

    # === CORRECTION === #

    def action_correct(self):
        """Open the dialog for the right value, which becomes a new version."""
        self.ensure_one()
        view = self.env.ref("clinic_emr.clinic_observation_view_correction")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correction"),
            "res_model": "clinic.observation",
            "views": [(view.id, "form")],
            "target": "new",
            "context": {
                "default_previous_id": self.id,
                "default_type_id": self.type_id.id,
                "default_patient_id": self.patient_id.id,
                "default_value": self.value,
            },
        }

    # === CHARTS === #

    @api.model
    def _get_charts(self, patient):
        """Charts of all that was measured more than once.

        :return: ``[{name, unit, low, high, digits, series: [{name, points: [{date,
            value, flag}]}]}]``; dates are ISO 8601 in UTC
        """
        found = self.search(
            [
                ("patient_id", "in", patient._get_aliases().ids),
                ("status", "!=", "corrected"),
            ],
            order="date, id",
        )
        charts = {}
        for type_, rows in found.grouped("type_id").items():
            points = [row._prepare_point() for row in rows if row._has_number()]
            if not points:
                continue
            last = rows[-1].measure
            chart = charts.setdefault(
                type_.chart or type_.code,
                {
                    "name": type_.name,
                    "unit": last.get("unit") or "",
                    "digits": type_.digits,
                    "order": (type_.kind != "vital", type_.sequence),
                    "series": [],
                },
            )
            chart["series"].append(
                {
                    "name": type_.short_name or type_.name,
                    "low": last.get("low"),
                    "high": last.get("high"),
                    "points": points,
                }
            )
        return sorted(charts.values(), key=lambda chart: chart["order"])

    def _get_printed_name(self):
        """Of a value of a signed protocol as it was called then."""
        signed = self.encounter_id._get_signed_title("observations", self.type_id.code)
        return signed or self.type_id._get_printed_name()

    def _has_number(self):
        return (self.measure or {}).get("value") is not None

    def _prepare_point(self):
        return {
            "date": f"{self.date.isoformat()}Z",
            "value": self.measure["value"],
            "text": self.value_text,
            "flag": self.flag,
        }
