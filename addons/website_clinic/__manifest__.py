{
    "name": "Clinic Website",
    "summary": "Look of a clinic's site: theme, header, footer, how free times are shown",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_base", "website"],
    "data": [
        "views/layout_templates.xml",
        "views/offer_templates.xml",
    ],
    "assets": {
        "web._assets_primary_variables": [
            (
                "after",
                "website/static/src/scss/primary_variables.scss",
                "website_clinic/static/src/scss/primary_variables.scss",
            ),
        ],
        "web.assets_frontend": ["website_clinic/static/src/scss/site.scss"],
    },
}
