{
    "name": "Clinic Estimate and Finance",
    "summary": "Prices of estimates and the money spent on them",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_estimate", "clinic_finance"],
    "data": ["views/clinic_estimate_views.xml"],
    "auto_install": True,
}
