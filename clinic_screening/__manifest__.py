{
    "name": "Clinic Screening",
    "summary": "A short questionnaire on the site that leads to the right specialist",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_schedule", "website_clinic"],
    "data": [
        "security/ir.model.access.csv",
        "security/clinic_screening_rules.xml",
        "data/website_menu_data.xml",
        "views/clinic_screening_questionnaire_views.xml",
        "views/clinic_screening_views.xml",
        "views/screening_templates.xml",
        "views/clinic_screening_menus.xml",
    ],
    "assets": {
        "web.assets_frontend": ["clinic_screening/static/src/scss/screening.scss"],
    },
}
