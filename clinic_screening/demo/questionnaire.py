"""Three questions that lead to one of the specialists, and answers of visitors."""

TITLE = "К кому записаться?|Whom should I see?"
# question: answers as (text, problem, weight, urgent)
QUESTIONS = (
    (
        "Что вас беспокоит больше всего?|What troubles you most?",
        (
            ("Сердце, давление, одышка|Heart, pressure, breath", "heart", 3, False),
            (
                "Головная боль, сон, спина|Headache, sleep, back",
                "nerves",
                3,
                False,
            ),
            ("Тревога, настроение, стресс|Anxiety, mood, stress", "mood", 3, False),
            ("Простуда, слабость|A cold, weakness", "general", 3, False),
            ("Живот, вес, гормоны|Stomach, weight, hormones", "stomach", 3, False),
            ("Суставы, травма|Joints, an injury", "joints", 3, False),
            ("Кожа, аллергия|Skin, an allergy", "skin", 3, False),
            ("Глаза, уши, горло|Eyes, ears, throat", "senses", 3, False),
            ("Это о ребёнке|It is about a child", "child", 4, False),
        ),
    ),
    (
        "Как давно это началось?|When did it begin?",
        (
            ("Сегодня или вчера|Today or yesterday", "general", 1, False),
            ("Неделю или две назад|A week or two ago", "nerves", 1, False),
            (
                "Давно, то лучше, то хуже|Long ago, it comes and goes",
                "mood",
                1,
                False,
            ),
            (
                "Внезапно, очень сильная боль прямо сейчас"
                "|Suddenly, very strong pain right now",
                None,
                0,
                True,
            ),
        ),
    ),
    (
        "Что мешает в обычный день?|What is hard on an ordinary day?",
        (
            ("Подниматься по лестнице|Climbing stairs", "heart", 1, False),
            ("Сосредоточиться|Concentrating", "mood", 1, False),
            ("Двигаться|Moving", "joints", 1, False),
            ("Есть привычную еду|Eating the usual food", "stomach", 1, False),
            ("Ничего особенного|Nothing much", "general", 1, False),
        ),
    ),
)
FILLED_IN = 25


def publish(world):
    """The questionnaire in both languages."""
    problems = {
        one.code: one for one in world.env["clinic.problem.category"].search([])
    }
    questionnaire = world.create(
        "clinic.screening.questionnaire", [{"name": TITLE, "is_published": True}]
    )
    for number, (text, options) in enumerate(QUESTIONS):
        question = world.create(
            "clinic.screening.question",
            [
                {
                    "questionnaire_id": questionnaire.id,
                    "sequence": number,
                    "name": text,
                }
            ],
        )
        world.create(
            "clinic.screening.option",
            [
                {
                    "question_id": question.id,
                    "sequence": place,
                    "name": label,
                    "problem_category_id": problem and problems[problem].id,
                    "weight": weight,
                    "urgent": urgent,
                }
                for place, (label, problem, weight, urgent) in enumerate(options)
            ],
        )


def fill_in(world):
    """What visitors of the site have answered lately."""
    screenings = world.env["clinic.screening"]
    missing = FILLED_IN - screenings.search_count([])
    questionnaire = world.env["clinic.screening.questionnaire"].search([], limit=1)
    chance = world.random("screening", world.now.date())
    with world.at(world.now):
        for _number in range(missing):
            options = [
                chance.choice(question.option_ids).id
                for question in questionnaire.question_ids
            ]
            screenings.submit(questionnaire, options)
