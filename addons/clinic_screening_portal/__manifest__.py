{
    "name": "Clinic Screening and Portal",
    "summary": "From the questionnaire on the site to the visit that it led to",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_screening", "clinic_portal"],
    "data": ["views/site_templates.xml"],
    "auto_install": True,
}
