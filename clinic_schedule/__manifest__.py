{
    "name": "Clinic Scheduling",
    "summary": "Finds an hour and never sells it twice: shifts, visits, series, messages",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": [
        "clinic_base",
        "hr_holidays",
        "hr_holidays_public",
        "calendar",
        "sms",
        "bus",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/clinic_schedule_rules.xml",
        "data/clinic_message_template_data.xml",
        "data/ir_cron_data.xml",
    ],
}
