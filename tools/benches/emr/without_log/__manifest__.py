{
    "name": "Bench: no access log",
    "version": "19.0.1.0.0",
    "author": "Clinic Suite contributors",
    "license": "AGPL-3",
    "depends": ["base"],
    "installable": True,
    "post_load": "post_load",
}
