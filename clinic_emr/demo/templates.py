"""A template with a scale of pain, and phrases that everybody may use."""

from odoo.fields import Command

GENERAL = "Общее состояние|General condition"
OPTIONS = (
    "удовлетворительное|satisfactory",
    "средней тяжести|moderate",
    "тяжёлое|severe",
)
PAIN = "Сила боли за неделю|Pain during the week"
BANDS = (
    (0, 3, "слабая|slight", "normal"),
    (4, 6, "умеренная|moderate", "attention"),
    (7, 10, "сильная|severe", "alarm"),
)
PHRASES = (
    (
        "лёгкие|lungs",
        "examination",
        "В лёгких дыхание везикулярное, хрипов нет.|Vesicular breathing, no rales.",
    ),
    (
        "сердце|heart",
        "examination",
        "Тоны сердца ясные, ритмичные.|Heart sounds clear, rhythm regular.",
    ),
    (
        "дневник|diary",
        "recommendations",
        "Дневник давления утром и вечером.|Diary of blood pressure, twice a day.",
    ),
)


def publish(world):
    """By the chief physician, with the rights of that role alone."""
    chief = world.of("chief", "clinic.encounter.template")
    specialties = chief.env["clinic.specialty"].search(
        [("code", "in", ("therapy", "cardiology"))]
    )
    template = chief.create(
        {
            "name": world.say("Осмотр терапевта|General examination"),
            "specialty_ids": [Command.set(specialties.ids)],
            "line_ids": [
                Command.create({"sequence": number, **vals})
                for number, vals in enumerate(prepare_lines(world, chief.env), 1)
            ],
        }
    )
    template.action_publish()
    chief.env["clinic.phrase"].create(
        [
            {
                "name": world.say(name),
                "field": field,
                "text": world.say(text),
                "specialist_id": False,
            }
            for name, field, text in PHRASES
        ]
    )


def prepare_lines(world, env):
    """Lines of the template in the language of the world."""
    pain = env["clinic.observation.type"].search([("code", "=", "pain")])
    yield {"kind": "section", "name": world.say("Осмотр|Examination")}
    yield {
        "kind": "choice",
        "name": world.say(GENERAL),
        "option_ids": [
            Command.create(
                {"sequence": place, "name": world.say(label), "points": place}
            )
            for place, label in enumerate(OPTIONS)
        ],
    }
    yield {"kind": "section", "name": world.say("Боль|Pain")}
    yield {
        "kind": "scale",
        "name": world.say(PAIN),
        "low": 0,
        "high": 10,
        "low_label": world.say("нет|none"),
        "high_label": world.say("нестерпимая|unbearable"),
    }
    yield {
        "kind": "score",
        "name": world.say("Боль|Pain"),
        "observation_type_id": pain.id,
        "band_ids": [
            Command.create(
                {"low": low, "high": high, "name": world.say(name), "level": level}
            )
            for low, high, name, level in BANDS
        ],
    }
