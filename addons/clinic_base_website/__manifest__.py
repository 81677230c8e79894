{
    "name": "Clinic Website Walls",
    "summary": "No script of somebody else's on the clinic's own site",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_base", "website"],
    "auto_install": True,
}
