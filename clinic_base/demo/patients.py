"""A thousand patients, four in ten of them in families; every name is made up."""

from datetime import timedelta

from odoo.fields import Command

from . import doubles

VERSION = "2026-01"
SURNAMES = """
Авдеев Агапов Акимов Аксёнов Алёхин Анисимов Артемьев Астахов Бабушкин Балашов Баранов
Белоусов Блинов Богданов Бондарев Борисов Бугаев Вавилов Веселов Виноградов Власов
Волков Гаврилов Герасимов Глухов Голубев Горшков Грачёв Гуляев Гурьев Давыдов
Дементьев Денисов Дорофеев Дроздов Дьяков Евдокимов Ермаков Ефимов Жаров Журавлёв
Завьялов Зайцев Зотов Игнатов Измайлов Ильин Казаков Калашников Карпов Киселёв Климов
Князев Ковалёв Колесников Комаров Кондратьев Копылов Королёв Костин Кошелев Крылов
Кудрявцев Кузьмин Лазарев Лаптев Логинов Лукин Любимов Макаров Мартынов Медведев
Миронов Морозов Назаров Никитин Одинцов Осокин Панфилов Пестов Платонов Поляков
Родионов Рожков Рябинин Савин Семёнов Сидоров Соболев Спиридонов Суханов Терентьев
Третьяков Уваров Фокин Хохлов Цветков Шаров Шубин Юдин
"""
WOMEN = """
Алла Анастасия Вероника Галина Евгения Елизавета Жанна Зинаида Инна Карина Лариса
Людмила Маргарита Марина Надежда Нелли Оксана Полина Раиса Светлана Таисия Тамара
Ульяна Эльвира
"""
MEN = """
Александр Алексей Андрей Валерий Вадим Василий Виталий Георгий Григорий Евгений Игорь
Кирилл Константин Леонид Максим Матвей Никита Николай Руслан Семён Степан Фёдор Эдуард
Юрий
"""
# Of the father's name: the stem, to which -ович or -овна is added.
FATHERS = """
Александр Антон Артур Богдан Борис Виктор Владимир Герман Давид Егор Захар Иван
Константин Лев Максим Михаил Олег Павел Пётр Роман Степан Тимур Эдуард Ярослав
"""
STEMS = {"Лев": "Льв", "Павел": "Павл", "Пётр": "Петр"}
ENGLISH_SURNAMES = """
Abbott Adams Allen Archer Atkins Bailey Baker Barnes Barton Bates Bennett Bishop Blake
Booth Bradley Brooks Burton Butler Carr Chambers Chapman Clarke Cole Collins Cooper
Cross Curtis Dale Davies Dawson Dixon Doyle Drake Duncan Ellis Evans Farmer Field
Fisher Fletcher Ford Foster Fox Francis Fuller Gardner Gibson Gilbert Goodwin Graham
Green Griffin Hale Hardy Harper Harvey Hawkins Hayes Henson Higgins Holland Howard
Hudson Hunt Ingram Irwin Jackson Jarvis Jennings Kemp Kent Knight Lambert Lane Lawson
Lloyd Lowe Marsh Mason Mills Moore Morton Myers Neal Norris Osborn Palmer Parsons
Payne Pearson Perry Porter Quinn Reed Rhodes Russell Sharp Shaw Stone Sutton Tate
Tucker Underwood Vance Wade Walsh Webb Wells York
"""
ENGLISH_WOMEN = """
Abigail Alice Amelia Beatrice Caroline Clara Diana Edith Eleanor Emma Florence Grace
Hannah Isabel Jane Judith Kate Laura Lucy Margaret Martha Olive Rachel Rose Ruth
Stella
"""
ENGLISH_MEN = """
Adam Albert Alfred Andrew Charles Daniel David Edgar Edward Frank George Gilbert Henry
Hugh Jack James John Joseph Leonard Luke Martin Miles Oscar Patrick Peter Philip Ralph
Robert
"""
SHARE_OF_FAMILIES = 0.4
BATCH = 200


def register(world):
    """Cards with telephones, consents and categories; then who is whose relative."""
    people = list(invent(world, world.scale.patients))
    today = world.now.date()
    patients = world.env["clinic.patient"]
    for first in range(0, len(people), BATCH):
        some = people[first : first + BATCH]
        patients |= patients.create(
            [
                prepare_card(world, today, number, person)
                for number, person in enumerate(some, first)
            ]
        )
    join_families(world, people, patients)
    doubles.slip(world, patients)


def invent(world, count):
    """Dicts of ``last``, ``first``, ``middle``, ``sex``, ``age``, ``family`` (a number,
    or None) and ``role``; nobody twice."""
    chance = world.random("patients")
    seen, family, made = set(), 0, 0
    while made < count:
        surname = pick_surname(world, chance)
        is_family = chance.random() < SHARE_OF_FAMILIES / 3
        family += is_family
        roles = invent_family(chance) if is_family else [("alone", None, None)]
        for role, sex, age in roles:
            sex = sex or chance.choice("fm")
            age = chance.randint(18, 84) if age is None else age
            person = {
                **name_person(world, chance, surname, sex),
                "sex": sex,
                "age": age,
                "family": family if is_family else None,
                "role": role,
            }
            key = (person["last"], person["first"], person["middle"])
            if key not in seen and made < count:
                seen.add(key)
                made += 1
                yield person


def invent_family(chance):
    """Roles, sexes and ages of a family: a mother, often a father, children."""
    mother = chance.randint(27, 46)
    roles = [("mother", "f", mother)]
    if chance.random() < 0.6:
        roles.append(("father", "m", mother + chance.randint(-2, 7)))
    for _child in range(chance.choice((1, 1, 2, 2, 3))):
        roles.append(("child", None, chance.randint(1, min(16, mother - 19))))
    return roles


def pick_surname(world, chance):
    words = SURNAMES if world.lang == "ru_RU" else ENGLISH_SURNAMES
    return chance.choice(words.split())


def name_person(world, chance, surname, sex):
    """Parts of a name that agree with the sex."""
    if world.lang != "ru_RU":
        first = chance.choice((ENGLISH_WOMEN if sex == "f" else ENGLISH_MEN).split())
        middle = chance.choice("ABCDEFGHJKLMNPRSTW") + "."
        return {"last": surname, "first": first, "middle": middle}
    father = chance.choice(FATHERS.split())
    stem = STEMS.get(father, father)
    return {
        "last": surname + ("а" if sex == "f" else ""),
        "first": chance.choice((WOMEN if sex == "f" else MEN).split()),
        "middle": stem + ("овна" if sex == "f" else "ович"),
    }


def prepare_card(world, today, number, person):
    """Values of a card; every third adult reads e-mail rather than SMS."""
    phone = f"+7900{1000000 + number * 37 % 8999999:07}"
    is_adult = person["age"] >= 18
    category = person["age"] >= 65 and "pensioner"
    born = today - timedelta(days=int(person["age"] * 365.25) + number % 300 + 3)
    return {
        "last_name": person["last"],
        "first_name": person["first"],
        "middle_name": person["middle"],
        "birthdate": born,
        "sex": "female" if person["sex"] == "f" else "male",
        "lang": world.lang,
        "email": is_adult and f"patient{number + 1}@mail.example",
        "preferred_channel": "email" if is_adult and number % 3 == 2 else "sms",
        "category_id": category
        and world.env.ref(f"clinic_base.patient_category_{category}").id,
        "phone_ids": [
            Command.create(
                {
                    "number_e164": phone,
                    "primary": True,
                    "owner": "own" if is_adult else "relative",
                }
            )
        ],
        "consent_ids": [Command.create({"kind": "personal_data", "version": VERSION})],
    }


def join_families(world, people, patients):
    """Parents see, book and pay for their children; spouses are known as such."""
    families = {}
    for person, patient in zip(people, patients, strict=True):
        if person["family"]:
            families.setdefault(person["family"], []).append((person["role"], patient))
    relations, payers = [], {}
    for members in families.values():
        parents = [one for one in members if one[0] != "child"]
        children = [patient for role, patient in members if role == "child"]
        for child in children:
            for role, parent in parents:
                relations += relate(child, parent, role)
            payers[child] = parents[0][1].partner_id
        if len(parents) == 2:
            (_one, mother), (_two, father) = parents
            relations += [
                {"patient_id": one.id, "related_id": other.id, "kind": "spouse"}
                for one, other in ((mother, father), (father, mother))
            ]
    world.env["clinic.patient.relation"].create(relations)
    for child, payer in payers.items():
        child.payer_id = payer


def relate(child, parent, role):
    """Both ways between a child and a parent."""
    rights = {"may_see": True, "may_book": True, "pays": True}
    return [
        {"patient_id": child.id, "related_id": parent.id, "kind": role, **rights},
        {"patient_id": parent.id, "related_id": child.id, "kind": "child"},
    ]
