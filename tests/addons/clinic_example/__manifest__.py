{
    "name": "Example: a dental chart and an assistant",
    "summary": "Comes through the doors of the suite; installed by its tests alone",
    "version": "19.0.1.0.0",
    "development_status": "Alpha",
    "category": "Healthcare",
    "website": "https://github.com/clinic-suite/clinic-suite",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["clinic_decision", "clinic_emr"],
    "data": [
        "security/ir.model.access.csv",
        "data/clinic_message_template_data.xml",
    ],
    "assets": {"web.assets_backend": ["clinic_example/static/src/**/*"]},
}
