"""Twenty-four specialists with faces, services, papers and rooms."""

import base64
from datetime import timedelta

from odoo.fields import Command

from . import faces
from .services import SPECIALTIES

# name, sex, specialties (the first one gives the title), branch, works since, ages
SPECIALISTS = (
    ("Орлова Анна Сергеевна|Anna Orwell", "f", "cardiology", 0, 2004, (18, 120)),
    ("Воронцов Павел Андреевич|Paul Warren", "m", "therapy", 0, 1998, (18, 120)),
    ("Лебедев Илья Викторович|Elias Swan", "m", "neurology", 0, 2011, (18, 120)),
    ("Воронина Елена Игоревна|Helen Crowe", "f", "psychotherapy", 0, 2008, (16, 120)),
    ("Савельев Марк Львович|Mark Savage", "m", "psychotherapy", 0, 2013, (16, 120)),
    ("Ахметова Лилия Рашидовна|Lilian Ahmed", "f", "gynecology", 0, 2006, (16, 120)),
    ("Корнилова Вера Юрьевна|Vera Cornell", "f", "endocrinology", 0, 2015, (18, 120)),
    ("Тарасов Глеб Олегович|Glen Tarrant", "m", "ultrasound", 0, 2017, (0, 120)),
    (
        "Мельник Софья Ильинична|Sophie Miller",
        "f",
        "otolaryngology",
        0,
        2010,
        (0, 120),
    ),
    ("Егоров Антон Павлович|Anthony Yates", "m", "rehabilitation", 0, 2016, (14, 120)),
    ("Пахомова Ирина Львовна|Iris Palmer", "f", "pediatrics", 1, 2003, (0, 17)),
    ("Носков Денис Романович|Dennis North", "m", "pediatrics", 1, 2018, (0, 17)),
    ("Ким Алина Евгеньевна|Aline Kim", "f", "speech", 1, 2012, (3, 17)),
    ("Рудакова Дарья Ильинична|Daria Rudd", "f", "psychology", 1, 2014, (4, 17)),
    ("Жданов Артём Николаевич|Arthur Dunn", "m", "ophthalmology", 1, 2009, (0, 120)),
    ("Быкова Милана Андреевна|Milana Buckley", "f", "dermatology", 1, 2019, (0, 120)),
    ("Чернов Олег Дмитриевич|Oliver Black", "m", "therapy", 2, 2001, (18, 120)),
    ("Пак Виктория Сергеевна|Victoria Park", "f", "cardiology", 2, 2007, (18, 120)),
    ("Левин Борис Аркадьевич|Boris Levin", "m", "neurology", 2, 1995, (18, 120)),
    ("Усова Кристина Олеговна|Christina Usher", "f", "dentistry", 2, 2016, (6, 120)),
    ("Гладких Роман Ильич|Roman Gladstone", "m", "urology", 2, 2010, (18, 120)),
    (
        "Токарева Нина Петровна|Nina Turner",
        "f",
        "gastroenterology",
        2,
        2002,
        (18, 120),
    ),
    ("Сафин Тимур Ринатович|Timothy Safford", "m", "surgery", 2, 2012, (14, 120)),
    ("Яковлева Юлия Павловна|Julia Jacobs", "f", "allergology", 2, 2011, (0, 120)),
)
# Who has a second specialty: by place in the list.
SECOND = {
    5: "urology",
    6: "laboratory",
    9: "orthopedics",
    16: "laboratory",
    18: "rehabilitation",
    22: "rheumatology",
}
# The login of the chief physician and of a specialist; others sign in by other ways.
LOGINS = {
    0: (
        "specialist",
        "Специалист|Specialist",
        "Мой день: примите того, кто в холле, и подпишите протокол"
        "|My day: receive whoever waits in the hall and sign the protocol",
    ),
    1: (
        "chief",
        "Главный врач|Chief physician",
        "Журнал доступа к картам и шаблоны протоколов"
        "|The log of access to records, and templates of protocols",
    ),
}
CATEGORIES = (
    ("highest", "высшей категории|highest category"),
    ("first", "первой категории|first category"),
    ("second", "второй категории|second category"),
    ("none", ""),
)
# specialty: (title, what is treated)
TITLES = {
    "cardiology": (
        "кардиолог|cardiologist",
        "Лечит гипертонию, аритмии и боли в груди."
        "|Treats high blood pressure, arrhythmia and chest pain.",
    ),
    "therapy": (
        "терапевт|general practitioner",
        "К кому идти, если неясно, что болит: найдёт причину и нужного коллегу."
        "|Where to go when it is unclear what is wrong: finds the cause.",
    ),
    "neurology": (
        "невролог|neurologist",
        "Помогает при головной боли, бессоннице и боли в спине."
        "|Helps with headache, sleeplessness and back pain.",
    ),
    "psychotherapy": (
        "психотерапевт|psychotherapist",
        "Работает с тревогой, паническими атаками и последствиями стресса."
        "|Works with anxiety, panic attacks and what stress leaves behind.",
    ),
    "gynecology": (
        "гинеколог|gynaecologist",
        "Ведёт женщин любого возраста, готовит к беременности."
        "|Sees women of any age, prepares for pregnancy.",
    ),
    "endocrinology": (
        "эндокринолог|endocrinologist",
        "Щитовидная железа, диабет, вес и гормоны."
        "|Thyroid, diabetes, weight and hormones.",
    ),
    "ultrasound": (
        "врач УЗИ|ultrasound specialist",
        "Смотрит и сразу объясняет, что видно на экране."
        "|Examines, and explains at once what the screen shows.",
    ),
    "otolaryngology": (
        "лор-врач|ENT physician",
        "Уши, горло, нос у взрослых и детей.|Ears, throat and nose at any age.",
    ),
    "rehabilitation": (
        "врач ЛФК|rehabilitation physician",
        "Возвращает движение после травм и операций."
        "|Brings movement back after injuries and operations.",
    ),
    "pediatrics": (
        "педиатр|paediatrician",
        "Ведёт детей с рождения: осмотры, прививки, простуды."
        "|Sees children from birth: checks, vaccinations, colds.",
    ),
    "speech": (
        "логопед|speech therapist",
        "Звуки, речь и чтение; занятия раз в неделю."
        "|Sounds, speech and reading; a lesson every week.",
    ),
    "psychology": (
        "детский психолог|child psychologist",
        "Страхи, школа, отношения: работает с ребёнком и родителями."
        "|Fears, school, relations: works with the child and the parents.",
    ),
    "ophthalmology": (
        "офтальмолог|ophthalmologist",
        "Проверит зрение и подберёт очки.|Tests the eyes and fits glasses.",
    ),
    "dermatology": (
        "дерматолог|dermatologist",
        "Сыпь, акне, родинки.|Rash, acne, moles.",
    ),
    "dentistry": (
        "стоматолог|dentist",
        "Лечит без боли и показывает снимки до и после."
        "|Treats without pain, shows pictures before and after.",
    ),
    "urology": (
        "уролог|urologist",
        "Почки, простата, камни.|Kidneys, prostate, stones.",
    ),
    "gastroenterology": (
        "гастроэнтеролог|gastroenterologist",
        "Изжога, боли в животе, печень.|Heartburn, stomach ache, liver.",
    ),
    "surgery": (
        "хирург|surgeon",
        "Малые операции в день обращения.|Minor operations on the same day.",
    ),
    "allergology": (
        "аллерголог|allergist",
        "Найдёт, на что реакция, и научит с ней жить."
        "|Finds what the reaction is to, and how to live with it.",
    ),
}
WAYS = (
    "Объясняет простыми словами, что происходит и что делать."
    "|Explains in plain words what is going on and what to do.",
    "Назначает только то, что действительно нужно.|Prescribes only what is needed.",
    "Принимает без спешки и отвечает на все вопросы."
    "|Takes time and answers every question.",
    "Остаётся на связи после приёма.|Stays in touch after the visit.",
)
COURSE = "Повышение квалификации, 144 часа|Refresher course, 144 hours"


def hire(world):
    """All of them: user, employee, face, services, papers."""
    env = world.env
    branches = env["clinic.branch"].search([])
    rooms = {branch: branch.room_ids.sorted("id") for branch in branches}
    taken = dict.fromkeys(branches, 0)
    users = create_users(world, branches)
    for number, (name, sex, specialty, place, since, ages) in enumerate(SPECIALISTS):
        branch = branches[place]
        specialist = world.create(
            "clinic.specialist",
            [
                {
                    **prepare_vals(world, number, name, specialty, since, ages),
                    "user_id": users[number].id,
                    "image_1920": base64.b64encode(
                        faces.draw(world.random("face", number), sex)
                    ),
                    "room_ids": [Command.link(rooms[branch][taken[branch]].id)],
                }
            ],
        )
        taken[branch] += 1
        add_papers(world, number, specialist, branch)


def create_users(world, branches):
    """Whoever signs records needs a user; two of them sign in with a password."""
    vals_list = []
    for number, (name, _sex, _specialty, place, *_rest) in enumerate(SPECIALISTS):
        login, role, hint = LOGINS.get(number, (f"specialist{number + 1}", "", ""))
        group = "group_medical_chief" if login == "chief" else "group_medical"
        company = branches[place].company_id
        vals_list.append(
            {
                "name": world.say(name),
                "login": login,
                "lang": world.lang,
                "tz": branches[place].tz,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set([world.env.ref(f"clinic_base.{group}").id])],
                **({"password": login} if role else {}),
            }
        )
        if role:
            world.introduce(login, role, hint)
    return world.env["res.users"].create(vals_list)


def prepare_vals(world, number, name, specialty, since, ages):
    """Values of the specialist, with what the site says."""
    env = world.env
    codes = [specialty, *filter(None, [SECOND.get(number)])]
    specialties = env["clinic.specialty"].search([("code", "in", codes)])
    problems = {SPECIALTIES[code][1] for code in codes}
    category, degree = CATEGORIES[number % len(CATEGORIES)]
    title, text = TITLES[specialty]
    return {
        "name": world.say(name),
        "sequence": number + 1,
        "color": number % 11 + 1,
        "specialty_ids": [Command.set(specialties.ids)],
        "problem_category_ids": [
            Command.set(
                env["clinic.problem.category"]
                .search([("code", "in", sorted(problems))])
                .ids
            )
        ],
        "qualification": category,
        "experience_since": since,
        "public_title": join_title(title, degree),
        "public_text": join_texts(text, WAYS[number % len(WAYS)]),
        "min_age": ages[0],
        "max_age": ages[1],
        "service_line_ids": [
            Command.create(
                {
                    "product_id": service.id,
                    "duration_first": service.duration,
                    "duration_repeat": service.duration,
                }
            )
            for service in env["product.product"].search(
                [("clinic_specialty_id", "in", specialties.ids)]
            )
        ],
    }


def join_title(title, degree):
    """A title with its category in both languages, with a capital letter."""
    parts = zip(title.split("|"), (degree or "|").split("|"), strict=True)
    joined = (", ".join(filter(None, pair)) for pair in parts)
    return "|".join(text[0].upper() + text[1:] for text in joined)


def join_texts(*texts):
    """Sentences one after the other, in both languages."""
    pairs = zip(*(text.split("|") for text in texts), strict=True)
    return "|".join(" ".join(pair) for pair in pairs)


def add_papers(world, number, specialist, branch):
    """An employee, a certificate (two of them run out soon) and a course."""
    employee = world.env["hr.employee"].create(
        {
            "name": specialist.name,
            "clinic_specialist_id": specialist.id,
            "user_id": specialist.user_id.id,
            "company_id": branch.company_id.id,
        }
    )
    today = world.now.date()
    world.env["clinic.specialist.certificate"].create(
        {
            "specialist_id": specialist.id,
            "name": specialist.specialty_ids[:1].name,
            "valid_until": today + timedelta(days=20 + 70 * number),
        }
    )
    world.create(
        "hr.resume.line",
        [
            {
                "employee_id": employee.id,
                "name": COURSE,
                "date_start": today - timedelta(days=400 + number),
                "date_end": today - timedelta(days=380 + number),
                "line_type_id": world.env.ref("hr_skills.resume_type_training").id,
            }
        ],
    )
