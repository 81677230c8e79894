"""Switches the access log off in the server that loads it; for the bench alone."""


def post_load() -> None:
    from odoo.addons.clinic_base.models.walls.clinic_access_log import ClinicAccessLog

    ClinicAccessLog._note = lambda *_arguments: None
