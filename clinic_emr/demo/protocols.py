"""Signed protocols of the visits that are over, each by who received the patient."""

from odoo.fields import Command

from odoo.addons.clinic_base.tools.age import get_age

from . import decisions, grammar
from .cases import find_cases

# Of those who are seen with the demonstration's own login, every visit has one.
OWN = ("specialist", "chief")
SHARE, LATELY_SHARE = 0.12, 0.4
# Of somebody whose card says no birth date.
AN_ADULT = 40
ALERTS = (
    ("Пенициллин|Penicillin", "отёк Квинке, 2019|angioedema, 2019"),
    ("Йодсодержащий контраст|Iodine contrast", "крапивница|hives"),
    ("Латекс|Latex", "зуд|itching"),
)


def write(world, span):
    """What was written on the visits that have ended in ``span``."""
    env = world.env
    visits = env["clinic.appointment"].search(
        [
            ("state", "=", "done"),
            ("stop", ">", span.start),
            ("stop", "<=", span.stop),
            ("specialist_id.user_id", "!=", False),
        ]
    )
    is_lately = world.now - span.stop < decisions.LATELY
    share = LATELY_SHARE if is_lately else SHARE
    chosen = visits.filtered(
        lambda visit: (
            visit.specialist_id.user_id.login in OWN
            or world.random("record", visit.id).random() < share
        )
    )
    if not chosen:
        return
    with world.at(max(chosen.mapped("stop"))):
        # Sudo: of all specialists in one go; each signs with the own rights below.
        encounters = env["clinic.encounter"].create(
            [prepare(world, visit, span) for visit in chosen]
        )
        if is_lately:
            decisions.plan(world, encounters)
        for encounter in encounters:
            sign(world, encounter)
    warn(world, encounters)


def prepare(world, visit, span):
    """Values of the protocol of ``visit``."""
    chance = world.random("protocol", visit.id)
    specialty = visit.service_id.clinic_specialty_id.code
    patient = visit.patient_id
    born = patient.birthdate
    age = get_age(born, visit.start.date(), "RU") if born else AN_ADULT
    case = chance.choice(find_cases(specialty, age, patient.sex))
    person = grammar.Person(age, patient.sex)
    code = world.remember(f"icd10 {case.code}", lambda _: find_code(world, case.code))
    return {
        "appointment_id": visit.id,
        "patient_id": patient.id,
        "specialist_id": visit.specialist_id.id,
        "branch_id": visit.branch_id.id,
        "date": visit.start,
        **grammar.compose(visit.id, case, person, world.say),
        **({} if case.is_well else decisions.decide(world, visit, specialty, span)),
        "diagnosis_ids": [Command.create({"icd10_id": code.id, "certainty": "final"})],
    }


def find_code(world, code):
    """The code of the classifier, or its parent where there is only the sample."""
    codes = world.env["clinic.icd10"]
    return (
        codes.search([("code", "=", code)])
        or codes.search([("code", "=", code.split(".")[0])])
        or codes.search([("code", "=like", f"{code[0]}%")], limit=1)
        or codes.search([], limit=1)
    )


def sign(world, encounter):
    """As whoever received the patient does it."""
    user = encounter.specialist_id.user_id
    own = encounter.with_env(world.env(user=user.id, su=False)).with_context(
        allowed_company_ids=user.company_ids.ids
    )
    chance = world.random("vitals", encounter.id)
    if chance.random() < 0.3:
        own.vitals = {
            "bp_sys": chance.randint(112, 158),
            "bp_dia": chance.randint(68, 97),
            "pulse": chance.randint(58, 92),
        }
    own.action_sign()


def warn(world, encounters):
    """Some patients have something that everybody who treats them must know."""
    chance = world.random("alerts", encounters[:1].id)
    for encounter in encounters[::40]:
        text, reaction = chance.choice(ALERTS)
        world.env["clinic.patient.alert"].create(
            {
                "patient_id": encounter.patient_id.id,
                "kind": "allergy",
                "severity": "3_high",
                "text": world.say(text),
                "reaction": world.say(reaction),
            }
        )
