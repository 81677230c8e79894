"""What follows from a visit: drugs, referrals, orders, now and then a whole plan."""

from datetime import timedelta

from odoo.fields import Command

DAY = timedelta(days=1)
# Shares of the protocols; the desk has weeks of requests to book, not months.
PRESCRIBED, REFERRED, ORDERED, PLANNED = 0.3, 0.12, 0.12, 0.12
LATELY = 6 * DAY
# specialty: drug, form, dose, quantity, directions
DRUGS = {
    "therapy": (
        "Парацетамол|Paracetamol",
        "таблетки|tablets",
        "500 мг|500 mg",
        "20",
        "По одной при температуре выше 38, не чаще четырёх раз в день"
        "|One above 38 degrees, up to four times a day",
    ),
    "cardiology": (
        "Лизиноприл|Lisinopril",
        "таблетки|tablets",
        "10 мг|10 mg",
        "30",
        "По одной утром, давление записывать|One in the morning, note the pressure",
    ),
    "neurology": (
        "Магния цитрат|Magnesium citrate",
        "таблетки|tablets",
        "300 мг|300 mg",
        "30",
        "По одной вечером месяц|One in the evening for a month",
    ),
    "psychotherapy": (
        "Сертралин|Sertraline",
        "таблетки|tablets",
        "50 мг|50 mg",
        "28",
        "Половина неделю, затем по одной утром|Half for a week, then one a morning",
    ),
    "dermatology": (
        "Азелаиновая кислота|Azelaic acid",
        "гель|gel",
        "15 %",
        "1",
        "Тонко на кожу утром и вечером|Thinly on the skin, twice a day",
    ),
    "allergology": (
        "Цетиризин|Cetirizine",
        "таблетки|tablets",
        "10 мг|10 mg",
        "20",
        "По одной вечером|One in the evening",
    ),
    "gastroenterology": (
        "Омепразол|Omeprazole",
        "капсулы|capsules",
        "20 мг|20 mg",
        "28",
        "По одной утром до еды|One in the morning before food",
    ),
    "ophthalmology": (
        "Гиалуронат натрия|Sodium hyaluronate",
        "капли|drops",
        "0,1 %|0.1 %",
        "1",
        "По капле три раза в день|A drop three times a day",
    ),
    "otolaryngology": (
        "Мометазон|Mometasone",
        "спрей|spray",
        "50 мкг|50 mcg",
        "1",
        "По одному впрыску в каждую ноздрю утром|A puff in each nostril every morning",
    ),
    "urology": (
        "Тамсулозин|Tamsulosin",
        "капсулы|capsules",
        "0,4 мг|0.4 mg",
        "30",
        "По одной после завтрака|One after breakfast",
    ),
}
# specialty: to which other one, and why
REFERRALS = {
    "therapy": ("cardiology", "Повышенное давление, подобрать лечение|High pressure"),
    "cardiology": ("neurology", "Головная боль при нормальном давлении|Headache"),
    "neurology": ("psychotherapy", "Бессонница на фоне тревоги|Insomnia with anxiety"),
    "otolaryngology": ("therapy", "Обследование перед операцией|Check before surgery"),
    "gynecology": ("endocrinology", "Нерегулярный цикл, гормоны|Irregular cycle"),
    "pediatrics": ("speech", "Задержка речи, оценить|Speech to be assessed"),
    "gastroenterology": ("surgery", "Камни в пузыре, консультация|Gallstones"),
    "surgery": ("cardiology", "Разрешение на операцию|Clearance for surgery"),
}
ORDERS = {
    "therapy": "laboratory",
    "cardiology": "cardiology",
    "endocrinology": "laboratory",
    "gynecology": "ultrasound",
    "urology": "urology",
    "neurology": "neurology",
    "gastroenterology": "ultrasound",
}
# specialty: goal, why, stages as (goal, how many visits)
PLANS = {
    "psychotherapy": (
        "Вернуть сон и спокойствие|Sleep and calm again",
        "Тревога держится, нужна работа по шагам|Anxiety lasts; step by step",
        (("Знакомство и дневник|The diary", 2), ("Работа|The work", 6)),
    ),
    "rehabilitation": (
        "Безболезненная ходьба|Walking without pain",
        "После травмы слаба опора|Weak support after the injury",
        (("Снять боль|Less pain", 3), ("Укрепить мышцы|Stronger muscles", 7)),
    ),
    "speech": (
        "Чистый звук «р»|A clear sound r",
        "Артикуляция не сложилась|Articulation has not formed",
        (("Постановка звука|The sound", 4), ("В речи|In speech", 8)),
    ),
    "dentistry": (
        "Санация полости рта|All teeth treated",
        "Несколько полостей, дёсны воспалены|Several cavities, inflamed gums",
        (("Гигиена|Hygiene", 1), ("Лечение|Treatment", 3)),
    ),
}


def decide(world, visit, code, span):
    """Values of a protocol: what was decided in ``visit``.

    :param code: of the specialty of the visit's service
    """
    chance = world.random("decided", visit.id)
    vals = {}
    if code in DRUGS and chance.random() < PRESCRIBED:
        vals["prescription_ids"] = [Command.create(prescribe(world, code))]
    if world.now - span.stop > LATELY:
        return vals
    today = span.stop.date()
    if code in REFERRALS and chance.random() < REFERRED:
        due = today + DAY * chance.choice((5, 7, 10, 14))
        vals["referral_ids"] = [Command.create(refer(world, code, due, chance))]
    if code in ORDERS and chance.random() < ORDERED:
        due = today + DAY * chance.choice((3, 5, 7, 12))
        services = find_services(world, ORDERS[code])
        vals["order_ids"] = [
            Command.create({"service_id": chance.choice(services[1:]).id, "due": due})
        ]
    return vals


def prescribe(world, code):
    drug, form, dose, quantity, directions = map(world.say, DRUGS[code])
    return {
        "drug": drug,
        "form": form,
        "dose": dose,
        "quantity": quantity,
        "directions": directions,
    }


def refer(world, code, due, chance):
    specialty, reason = REFERRALS[code]
    return {
        "specialty_id": find_services(world, specialty)[0].clinic_specialty_id.id,
        "service_id": find_services(world, specialty)[0].id,
        "reason": world.say(reason),
        "due": due,
        "urgency": chance.choice("0012"),
    }


def plan(world, encounters):
    """Treatment plans on drafts, before they are signed; the desk sees the estimates,
    some of which the patients have accepted."""
    for encounter in encounters:
        code = encounter.appointment_id.service_id.clinic_specialty_id.code
        chance = world.random("planned", encounter.appointment_id.id)
        if code in PLANS and chance.random() < PLANNED:
            goal, reasons, stages = PLANS[code]
            make_plan(world, encounter, goal, reasons, stages)


def make_plan(world, encounter, goal, reasons, stages):
    plan = world.env["clinic.treatment.plan"].create(
        {
            "encounter_id": encounter.id,
            "goal": world.say(goal),
            "reasons": world.say(reasons),
            "stage_ids": [
                Command.create(
                    {
                        "number": number,
                        "goal": world.say(text),
                        "due": encounter.date.date() + 14 * number * DAY,
                    }
                )
                for number, (text, _visits) in enumerate(stages, start=1)
            ],
        }
    )
    service = encounter.appointment_id.service_id
    plan.estimate_id.write(
        {
            "line_ids": [
                Command.create(
                    {"stage": number, "service_id": service.id, "quantity": visits}
                )
                for number, (_text, visits) in enumerate(stages, start=1)
            ]
        }
    )
    if encounter.id % 2:
        world.env["clinic.estimate.acceptance"].create(
            {"estimate_id": plan.estimate_id.id, "name": encounter.patient_id.name}
        )


def find_services(world, specialty):
    """Services of a specialty, the main one first."""
    return world.remember(
        f"services of {specialty}",
        lambda _world: world.env["product.product"].search(
            [
                ("is_clinic_service", "=", True),
                ("clinic_specialty_id.code", "=", specialty),
            ],
            order="id",
        ),
    )
