{
    "name": "Clinic Finance: Books",
    "summary": "Trial balance and account card of the clinic, whole or by branch",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_finance", "account_financial_report"],
    "data": [
        "reports/trial_balance.xml",
        "wizards/general_ledger_views.xml",
        "wizards/trial_balance_views.xml",
        "views/clinic_books_menus.xml",
    ],
}
