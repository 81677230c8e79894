{
    "name": "Clinic Video Visits",
    "summary": "A room with two doors: the specialist's and the patient's",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_schedule"],
    "data": [
        "security/ir.model.access.csv",
        "security/clinic_video_rules.xml",
        "data/ir_cron_data.xml",
        "views/clinic_appointment_views.xml",
        "views/video_templates.xml",
    ],
}
