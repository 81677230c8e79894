{
    "name": "Clinic SMS by MTS Exolve",
    "summary": "Messages to patients go out through MTS Exolve",
    "version": "19.0.1.0.0",
    "development_status": "Beta",
    "category": "Services/Clinic",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_message"],
}
