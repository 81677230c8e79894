"""The medical side of the demonstration: templates, phrases, a year of one patient."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from . import content


class DemoRecord:
    """Written with the rights of those who write it in a clinic."""

    def __init__(self, clinic):
        self.clinic = clinic
        self.chief = clinic.env(user=clinic.users["chief"].id)
        self.medic = clinic.env(user=clinic.users["specialist"].id)

    def build(self):
        self.create_templates()
        self.create_phrases()
        patient = self.clinic.patients[0]
        self.create_alerts(patient)
        self.sign_earlier_visits(patient)

    def create_templates(self):
        for name, (specialties, lines) in content.TEMPLATES.items():
            template = self.chief["clinic.encounter.template"].create(
                {
                    "name": name,
                    "specialty_ids": [
                        Command.set(
                            self.chief["clinic.specialty"]
                            .search([("code", "in", specialties)])
                            .ids
                        )
                    ],
                    "line_ids": [
                        Command.create(self.prepare_line(number, *line))
                        for number, line in enumerate(lines, start=1)
                    ],
                }
            )
            template.action_publish()

    def prepare_line(self, sequence, kind, name, extra=None):
        vals = {"sequence": sequence, "kind": kind, "name": name, **(extra or {})}
        if options := vals.pop("options", None):
            vals["option_ids"] = [
                Command.create({"sequence": place, "name": label, "points": points})
                for place, (label, points) in enumerate(options)
            ]
        if bands := vals.pop("bands", None):
            vals["band_ids"] = [
                Command.create(
                    {"low": low, "high": high, "name": label, "level": level}
                )
                for low, high, label, level in bands
            ]
        if code := vals.pop("follow", None):
            vals["observation_type_id"] = (
                self.chief["clinic.observation.type"].search([("code", "=", code)]).id
            )
        return vals

    def create_phrases(self):
        self.chief["clinic.phrase"].create(
            [
                {"name": name, "field": field, "text": text, "specialist_id": False}
                for name, field, text in content.PHRASES
            ]
        )

    def create_alerts(self, patient):
        self.medic["clinic.patient.alert"].create(
            [{"patient_id": patient.id, **vals} for vals in content.ALERTS]
        )

    def sign_earlier_visits(self, patient):
        now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        for days, vitals, pain, texts in content.EARLIER_VISITS:
            # Sudo: written before this clinic's own visits begin, as by an import.
            encounters = self.medic["clinic.encounter"].sudo()
            encounter = encounters.create(
                {
                    "patient_id": patient.id,
                    "specialist_id": self.clinic.specialists["orlova"].id,
                    "branch_id": self.clinic.branch.id,
                    "date": now - timedelta(days=days),
                    "template_id": self.find_template().id,
                    **texts,
                    "diagnosis_ids": [
                        Command.create(
                            {"icd10_id": self.find_code().id, "certainty": "final"}
                        )
                    ],
                }
            ).sudo(False)
            encounter.vitals = dict(zip(content.VITALS, vitals))
            encounter.answers = self.answer_scales(encounter.definition, pain)
            encounter.action_sign()

    def find_template(self):
        return self.medic["clinic.encounter.template"].search(
            [("specialty_ids.code", "=", "therapy")], limit=1
        )

    def find_code(self):
        return self.medic["clinic.icd10"].search([("code", "=", "I10")])

    def answer_scales(self, definition, value):
        return {
            field["key"]: value
            for section in definition["sections"]
            for field in section["fields"]
            if field["kind"] == "scale"
        }
