{
    "name": "Clinic Finance: Bank",
    "summary": "Bank statements that find their invoices by themselves",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": [
        "clinic_finance",
        "account_statement_import_camt",
        "account_statement_import_sheet_file",
    ],
    "data": [
        "data/sheet_mapping_data.xml",
        "views/account_journal_views.xml",
        "views/res_config_settings_views.xml",
        "views/clinic_bank_menus.xml",
        "wizards/account_statement_import_views.xml",
    ],
    "assets": {
        "web.assets_backend": ["clinic_finance_bank/static/src/**/*"],
    },
}
