{
    "name": "Clinic Estimate",
    "summary": "Services that somebody is going to get, with the patient's acceptance",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/clinic_estimate_rules.xml",
        "views/clinic_estimate_views.xml",
    ],
}
