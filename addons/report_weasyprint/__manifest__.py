{
    "name": "Reports by WeasyPrint",
    "summary": "PDF with real text, page headers and many records, for all reports",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Hidden/Tools",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["web"],
    "external_dependencies": {"python": ["weasyprint"]},
}
