"""Cards of one person that were made twice, as it happens at every desk."""

from odoo.fields import Command

DOUBLES = 6


def slip(world, patients):
    """Second cards with a slip of the pen; the first pair is merged already."""
    adults = patients.filtered(lambda one: one.email)
    every = max(len(adults) // DOUBLES, 1)
    doubles = patients.create(
        [
            prepare_double(one, number)
            for number, one in enumerate(adults[every // 2 :: every])
        ]
    )
    pairs = world.env["clinic.patient.duplicate"]
    pairs._find_duplicates()
    merged = pairs.search([("other_id", "in", doubles.ids)], order="id", limit=1)
    if merged:
        world.of("senior", pairs._name).browse(merged.id).action_merge()


def prepare_double(patient, number):
    """Values of a second card: the same person, written by somebody in a hurry."""
    letters = patient.last_name
    return {
        "last_name": letters if number % 2 else letters[:-2] + letters[-1:],
        "first_name": patient.first_name,
        "middle_name": patient.middle_name if number % 3 else False,
        "birthdate": patient.birthdate,
        "sex": patient.sex,
        "lang": patient.lang,
        "phone_ids": [
            Command.create(
                {
                    "number_e164": patient.phone_ids[:1].number_e164,
                    "primary": True,
                    "owner": "own",
                }
            )
        ],
    }
