from odoo import fields, models

AGE_GROUPS = [
    ("00_14", "0–14"),
    ("15_17", "15–17"),
    ("18_39", "18–39"),
    ("40_59", "40–59"),
    ("60", "60 and older"),
]


class ClinicMorbidity(models.Model):
    """Diagnoses of signed protocols by ICD-10, age, sex and time, for the chief.

    Ages are those of the day of the visit, in the groups that state statistics of
    illness use for children. A case is new if the patient has no earlier signed
    diagnosis of the same three-character category.
    """

    _name = "clinic.morbidity"
    _description = "Morbidity"
    _inherit = ["clinic.medical.mixin"]
    _auto = False
    _order = "date desc, id desc"
    # Written before the view is read.
    _depends = {
        "clinic.diagnosis": ["active", "icd10_id", "kind", "certainty", "encounter_id"],
        "clinic.encounter": [
            "active",
            "state",
            "date",
            "patient_id",
            "branch_id",
            "specialist_id",
        ],
        "clinic.patient": ["birthdate", "sex"],
        "clinic.icd10": ["code", "parent_id"],
    }

    date = fields.Datetime(readonly=True)
    patient_id = fields.Many2one(
        "clinic.patient", string="Patients", readonly=True, aggregator="count_distinct"
    )
    icd10_id = fields.Many2one("clinic.icd10", string="ICD-10", readonly=True)
    category_id = fields.Many2one("clinic.icd10", readonly=True)
    chapter_id = fields.Many2one("clinic.icd10", readonly=True)
    kind = fields.Selection(
        [("main", "Main"), ("accompanying", "Accompanying")], readonly=True
    )
    certainty = fields.Selection(
        [("preliminary", "Preliminary"), ("final", "Final")], readonly=True
    )
    is_new = fields.Boolean(string="New case", readonly=True)
    sex = fields.Selection([("male", "Male"), ("female", "Female")], readonly=True)
    age_group = fields.Selection(AGE_GROUPS, readonly=True)
    branch_id = fields.Many2one("clinic.branch", readonly=True)
    specialist_id = fields.Many2one("clinic.specialist", readonly=True)

    @property
    def _table_query(self):
        return """
            WITH RECURSIVE up AS (
                SELECT id, id AS chapter_id FROM clinic_icd10 WHERE parent_id IS NULL
                 UNION ALL
                SELECT child.id, up.chapter_id
                  FROM clinic_icd10 child
                  JOIN up ON up.id = child.parent_id
            ), signed AS (
                SELECT diagnosis.id, diagnosis.icd10_id, diagnosis.kind,
                       diagnosis.certainty, encounter.date, encounter.patient_id,
                       encounter.branch_id, encounter.specialist_id,
                       encounter.id AS encounter_id, left(code.code, 3) AS category,
                       date_part('year', age(encounter.date, patient.birthdate)) AS age,
                       patient.sex
                  FROM clinic_diagnosis diagnosis
                  JOIN clinic_encounter encounter
                    ON encounter.id = diagnosis.encounter_id
                  JOIN clinic_patient patient ON patient.id = encounter.patient_id
                  JOIN clinic_icd10 code ON code.id = diagnosis.icd10_id
                 WHERE diagnosis.active AND encounter.active
                   AND encounter.state IN ('signed', 'amended')
            )
            SELECT signed.id, signed.date, signed.patient_id, signed.icd10_id,
                   category.id AS category_id, up.chapter_id, signed.kind,
                   signed.certainty, signed.sex, signed.branch_id, signed.specialist_id,
                   CASE WHEN signed.age < 15 THEN '00_14'
                        WHEN signed.age < 18 THEN '15_17'
                        WHEN signed.age < 40 THEN '18_39'
                        WHEN signed.age < 60 THEN '40_59'
                        WHEN signed.age >= 60 THEN '60'
                   END AS age_group,
                   NOT EXISTS (
                       SELECT FROM signed earlier
                        WHERE earlier.patient_id = signed.patient_id
                          AND earlier.category = signed.category
                          AND (earlier.date, earlier.encounter_id)
                            < (signed.date, signed.encounter_id)) AS is_new,
                   TRUE AS active, NULL::varchar AS archive_reason,
                   NULL::int AS archived_by_id, NULL::timestamp AS archived_on
              FROM signed
              JOIN up ON up.id = signed.icd10_id
              LEFT JOIN clinic_icd10 category ON category.code = signed.category
        """
