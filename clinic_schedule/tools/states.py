"""States of a visit, and the moves between them."""

STATES = [
    ("hold", "Hold"),
    ("booked", "Booked"),
    ("confirmed", "Confirmed"),
    ("arrived", "Arrived"),
    ("in_progress", "In progress"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
    ("no_show", "No-show"),
    ("expired", "Expired"),
]
MOVES = {
    "hold": {"booked", "cancelled", "expired"},
    "booked": {"confirmed", "arrived", "cancelled", "no_show"},
    "confirmed": {"arrived", "cancelled", "no_show"},
    "arrived": {"in_progress", "cancelled"},
    "in_progress": {"done"},
    "done": set(),
    "cancelled": set(),
    "no_show": set(),
    "expired": set(),
}
# Mistakes at the desk, put right by role and logged.
REVERSALS = {("arrived", "booked"), ("no_show", "booked")}
TAKING_TIME = {"hold", "booked", "confirmed", "arrived", "in_progress", "done"}
MOVABLE = {"hold", "booked", "confirmed"}
