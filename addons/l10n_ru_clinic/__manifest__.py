{
    "name": "Russia - Accounting of Clinics",
    "summary": "Chart of accounts by order 94n, VAT of clinics, journals",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    # By this category Odoo knows a module with a chart of accounts.
    "category": "Accounting/Localizations/Account Charts",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "countries": ["ru"],
    "depends": ["account"],
    "auto_install": ["account"],
}
