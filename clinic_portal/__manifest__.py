{
    "name": "Clinic Portal",
    "summary": "Public booking of visits, and the patient's own page",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_finance", "website_clinic"],
    "data": [
        "data/website_menu_data.xml",
        "views/site_templates.xml",
        "views/booking_templates.xml",
        "views/portal_templates.xml",
    ],
    "assets": {
        "web.assets_frontend": ["clinic_portal/static/src/scss/portal.scss"],
    },
}
