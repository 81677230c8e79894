{
    "name": "Clinic Visit Import",
    "summary": "Past and coming visits of the former system, checked before they stand",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_schedule"],
    "external_dependencies": {
        "python": ["icalendar", "openpyxl", "recurring_ical_events"],
    },
    "data": [
        "security/ir.model.access.csv",
        "wizards/clinic_coming_import_views.xml",
    ],
}
