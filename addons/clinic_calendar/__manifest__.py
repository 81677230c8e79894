{
    "name": "Clinic Calendar",
    "summary": "Meetings of specialists take their time; visits are private blocks and feeds",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_schedule", "calendar"],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
        "views/clinic_meeting_views.xml",
        "views/clinic_specialist_views.xml",
        "views/clinic_calendar_menus.xml",
        "wizards/clinic_calendar_address_views.xml",
    ],
}
