{
    "name": "Clinic Finance: YooKassa",
    "summary": "Receipts by YooKassa, neutral labels, unfinished payments",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_finance", "payment_yookassa"],
    "data": [
        "data/ir_cron_data.xml",
        "views/payment_provider_views.xml",
        "views/payment_link_templates.xml",
    ],
    "auto_install": True,
}
