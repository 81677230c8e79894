{
    "name": "Clinic Medical Record and Finance",
    "summary": "Prices of estimates in treatment plans",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_emr", "clinic_estimate_finance"],
    "data": ["views/clinic_treatment_plan_views.xml"],
    "auto_install": True,
}
