from odoo import fields, models


class ClinicOccupancy(models.Model):
    """A stretch of time in which a resource or a patient is taken, whatever for.

    The database itself refuses two sessions of one resource, or of one patient, at the
    same time. Rows belong to what made them, such as an appointment or a group
    session, and are written by it alone; leaves and closures never make rows, they cut
    shifts.
    """

    _name = "clinic.occupancy"
    _description = "Occupancy"
    _order = "start, id"
    _rec_name = "kind"

    role = fields.Selection(
        [
            ("specialist", "Specialist"),
            ("room", "Room"),
            ("device", "Device"),
            ("patient", "Patient"),
            ("person", "Patient who is a specialist"),
        ],
        required=True,
    )
    resource_id = fields.Many2one("resource.resource", ondelete="restrict")
    patient_id = fields.Many2one("clinic.patient", ondelete="restrict")
    appointment_id = fields.Many2one("clinic.appointment", ondelete="restrict")
    session_id = fields.Integer(
        required=True,
        help="Visits of one session may share the time. A single visit is a session"
        " of its own.",
    )
    start = fields.Datetime(required=True, help="UTC, buffers included.")
    stop = fields.Datetime(required=True, help="UTC, buffers included.")
    kind = fields.Selection(
        [
            ("visit", "Visit"),
            ("hold", "Hold"),
            ("block", "Block"),
        ],
        required=True,
    )
    active = fields.Boolean(required=True, default=True)
    expires_at = fields.Datetime(help="End of a hold; ignored by searches after it.")
    overbooked = fields.Boolean(required=True, default=False)
    overbook_reason = fields.Char()
    overbook_user_id = fields.Many2one("res.users", ondelete="restrict")

    # Deferrable, so that two visits can be swapped inside one transaction.
    _resource_no_overlap = models.Constraint(
        "EXCLUDE USING gist (resource_id WITH =, session_id WITH <>,"
        " tsrange(start, stop, '[)') WITH &&)"
        " WHERE (active AND NOT overbooked) DEFERRABLE INITIALLY IMMEDIATE",
        "This time has just been taken.",
    )
    _patient_no_overlap = models.Constraint(
        "EXCLUDE USING gist (patient_id WITH =, session_id WITH <>,"
        " tsrange(start, stop, '[)') WITH &&)"
        " WHERE (active AND NOT overbooked) DEFERRABLE INITIALLY IMMEDIATE",
        "The patient has another visit at this time.",
    )
    _stop_after_start = models.Constraint(
        "CHECK (stop > start)", "Occupied time must end after it starts."
    )
    _whole_minutes = models.Constraint(
        "CHECK (date_trunc('minute', start) = start"
        " AND date_trunc('minute', stop) = stop)",
        "Occupied time starts and ends on a whole minute.",
    )
    _one_owner = models.Constraint(
        "CHECK ((role = 'patient') = (patient_id IS NOT NULL)"
        " AND (role = 'patient') = (resource_id IS NULL))",
        "Occupied time belongs to one resource or to one patient.",
    )
    _overbooking_explained = models.Constraint(
        "CHECK (NOT overbooked OR (role = 'specialist'"
        " AND btrim(overbook_reason) <> '' AND overbook_reason IS NOT NULL"
        " AND overbook_user_id IS NOT NULL))",
        "Only a specialist can be overbooked, by a named user and for a reason.",
    )
    _hold_expires = models.Constraint(
        "CHECK ((kind = 'hold') = (expires_at IS NOT NULL))",
        "A hold, and nothing else, runs out.",
    )
    _appointment_role = models.UniqueIndex("(appointment_id, role)")
    _session_role = models.UniqueIndex(
        "(session_id, role) WHERE appointment_id IS NULL AND kind = 'visit'"
    )
    # Searches look at the future of a resource; its past is cut off by ``stop``.
    _resource_ahead = models.Index("(resource_id, stop, start) WHERE active")
    _patient_ahead = models.Index("(patient_id, stop, start) WHERE active")
    _expiring = models.Index("(expires_at) WHERE active AND expires_at IS NOT NULL")
