{
    "name": "Clinic Demonstration",
    "summary": "A small clinic with visits of this week, to try everything by hand",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": [
        "clinic_portal",
        "clinic_emr",
        "clinic_finance_bank",
        "l10n_ru_clinic",
        "payment_demo",
    ],
    "external_dependencies": {"python": ["freezegun"]},
    "post_init_hook": "post_init_hook",
}
