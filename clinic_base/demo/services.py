"""Sixty services of twenty-two specialties, and the problems that lead to them."""

from odoo.fields import Command

PROBLEMS = {
    "general": "Простуда и общее самочувствие|Colds and general health",
    "heart": "Сердце и давление|Heart and blood pressure",
    "nerves": "Головная боль, сон, спина|Headache, sleep, back",
    "mood": "Тревога и настроение|Anxiety and mood",
    "child": "Здоровье и развитие ребёнка|A child's health and development",
    "skin": "Кожа и аллергия|Skin and allergies",
    "senses": "Глаза, уши, горло|Eyes, ears, throat",
    "stomach": "Живот, вес, гормоны|Stomach, weight, hormones",
    "joints": "Суставы и травмы|Joints and injuries",
    "intimate": "Женское и мужское здоровье|Women's and men's health",
    "teeth": "Зубы|Teeth",
}

# code: (name, problem, services); a service: name, minutes, price, traits.
# Traits: m one invoice a month, p may be paid before, t by video too.
SPECIALTIES = {
    "therapy": (
        "Терапия|General medicine",
        "general",
        (
            ("Приём терапевта|General practitioner", 30, 2500, "pt"),
            ("Повторный приём терапевта|General practitioner, repeated", 20, 1900, "t"),
            ("Общий осмотр|Check-up", 45, 2900, ""),
            ("Справка в бассейн|Certificate for swimming", 15, 900, ""),
        ),
    ),
    "cardiology": (
        "Кардиология|Cardiology",
        "heart",
        (
            ("Приём кардиолога|Cardiologist", 40, 3500, "p"),
            ("ЭКГ с расшифровкой|ECG with interpretation", 20, 1200, "p"),
            ("Эхокардиография|Echocardiography", 30, 3800, ""),
            ("Суточный мониторинг давления|24-hour blood pressure", 20, 2600, ""),
        ),
    ),
    "neurology": (
        "Неврология|Neurology",
        "nerves",
        (
            ("Приём невролога|Neurologist", 40, 3200, "p"),
            ("ЭЭГ|EEG", 45, 3400, ""),
            ("Лечебная блокада|Therapeutic block", 30, 2800, ""),
        ),
    ),
    "psychotherapy": (
        "Психотерапия|Psychotherapy",
        "mood",
        (
            ("Консультация психотерапевта|Psychotherapist", 50, 4500, "mt"),
            ("Семейная консультация|Family consultation", 80, 6500, "m"),
        ),
    ),
    "pediatrics": (
        "Педиатрия|Paediatrics",
        "child",
        (
            ("Приём педиатра|Paediatrician", 30, 2700, "pt"),
            ("Осмотр перед прививкой|Check before vaccination", 20, 1500, ""),
            ("Прививка|Vaccination", 15, 1200, ""),
        ),
    ),
    "dermatology": (
        "Дерматология|Dermatology",
        "skin",
        (
            ("Приём дерматолога|Dermatologist", 30, 2800, ""),
            ("Дерматоскопия|Dermoscopy", 20, 1900, ""),
            ("Удаление новообразования|Removal of a growth", 40, 3900, ""),
        ),
    ),
    "otolaryngology": (
        "Оториноларингология|Otolaryngology",
        "senses",
        (
            ("Приём лор-врача|ENT physician", 30, 2700, ""),
            ("Промывание миндалин|Tonsil lavage", 20, 1600, ""),
            ("Аудиометрия|Audiometry", 30, 2000, ""),
        ),
    ),
    "ophthalmology": (
        "Офтальмология|Ophthalmology",
        "senses",
        (
            ("Приём офтальмолога|Ophthalmologist", 30, 2800, ""),
            ("Подбор очков|Fitting of glasses", 30, 1900, ""),
            ("Томография глаза (ОКТ)|Eye tomography (OCT)", 20, 2900, ""),
        ),
    ),
    "gynecology": (
        "Гинекология|Gynaecology",
        "intimate",
        (
            ("Приём гинеколога|Gynaecologist", 40, 3200, "p"),
            ("УЗИ малого таза|Pelvic ultrasound", 30, 2900, ""),
            ("Кольпоскопия|Colposcopy", 30, 2700, ""),
        ),
    ),
    "urology": (
        "Урология|Urology",
        "intimate",
        (
            ("Приём уролога|Urologist", 30, 3000, ""),
            ("УЗИ почек|Kidney ultrasound", 30, 2700, ""),
        ),
    ),
    "endocrinology": (
        "Эндокринология|Endocrinology",
        "stomach",
        (
            ("Приём эндокринолога|Endocrinologist", 40, 3300, ""),
            ("УЗИ щитовидной железы|Thyroid ultrasound", 20, 2100, ""),
        ),
    ),
    "gastroenterology": (
        "Гастроэнтерология|Gastroenterology",
        "stomach",
        (
            ("Приём гастроэнтеролога|Gastroenterologist", 40, 3300, ""),
            ("Дыхательный тест|Breath test", 20, 1800, ""),
        ),
    ),
    "orthopedics": (
        "Ортопедия|Orthopaedics",
        "joints",
        (
            ("Приём ортопеда|Orthopaedist", 30, 3000, ""),
            ("Ударно-волновая терапия|Shock wave therapy", 30, 2500, "m"),
            ("PRP-терапия|PRP therapy", 30, 5200, "p"),
        ),
    ),
    "dentistry": (
        "Стоматология|Dentistry",
        "teeth",
        (
            ("Осмотр стоматолога|Dentist, examination", 30, 1500, ""),
            ("Лечение кариеса|Filling", 60, 6500, ""),
            ("Гигиена полости рта|Dental hygiene", 60, 5500, ""),
        ),
    ),
    "speech": (
        "Логопедия|Speech therapy",
        "child",
        (
            ("Занятие с логопедом|Speech therapy lesson", 45, 2600, "mt"),
            ("Логопедическая диагностика|Speech assessment", 60, 3400, ""),
        ),
    ),
    "rehabilitation": (
        "Реабилитация|Rehabilitation",
        "joints",
        (
            ("Лечебная физкультура|Exercise therapy", 45, 2300, "m"),
            ("Массаж спины|Back massage", 60, 3200, "m"),
        ),
    ),
    "ultrasound": (
        "УЗИ|Ultrasound",
        "stomach",
        (
            ("УЗИ брюшной полости|Abdominal ultrasound", 30, 2600, "p"),
            ("УЗИ сосудов шеи|Ultrasound of neck vessels", 30, 2800, ""),
            ("УЗИ суставов|Joint ultrasound", 30, 2300, ""),
        ),
    ),
    "laboratory": (
        "Лаборатория|Laboratory",
        "general",
        (
            ("Забор крови|Blood sample", 15, 400, ""),
            ("Взятие мазка|Swab", 15, 500, ""),
            ("Экспресс-тест|Rapid test", 15, 700, ""),
        ),
    ),
    "allergology": (
        "Аллергология|Allergology",
        "skin",
        (
            ("Приём аллерголога|Allergist", 40, 3200, ""),
            ("Кожные пробы|Skin tests", 40, 3600, ""),
            ("Спирометрия|Spirometry", 30, 1900, ""),
        ),
    ),
    "rheumatology": (
        "Ревматология|Rheumatology",
        "joints",
        (
            ("Приём ревматолога|Rheumatologist", 40, 3400, ""),
            ("Внутрисуставная инъекция|Joint injection", 30, 2900, ""),
        ),
    ),
    "psychology": (
        "Психология|Psychology",
        "child",
        (
            ("Детский психолог|Child psychologist", 50, 3900, "m"),
            ("Нейропсихологическая диагностика|Neuropsychology", 90, 7500, ""),
        ),
    ),
    "surgery": (
        "Хирургия|Surgery",
        "joints",
        (
            ("Приём хирурга|Surgeon", 30, 2800, ""),
            ("Перевязка|Dressing", 20, 1200, ""),
            ("Малая операция|Minor operation", 60, 8900, ""),
        ),
    ),
}
PREPARATION = {
    "ЭКГ с расшифровкой": "Возьмите с собой прежние ЭКГ и список лекарств."
    "|Bring earlier ECGs and a list of your medicines.",
    "УЗИ брюшной полости": "Приходите натощак: не ешьте шесть часов."
    "|Come on an empty stomach: do not eat for six hours.",
    "Забор крови": "С утра не ешьте и не курите, воду пить можно."
    "|Do not eat or smoke in the morning; water is fine.",
}
LABEL = "Приём специалиста|Specialist's visit"


def offer(world):
    """Problems, specialties and their services."""
    world.create(
        "clinic.problem.category",
        [{"code": code, "name": name} for code, name in PROBLEMS.items()],
    )
    known = {one.code: one for one in world.env["clinic.specialty"].search([])}
    fresh = {code: row for code, row in SPECIALTIES.items() if code not in known}
    world.create(
        "clinic.specialty",
        [{"code": code, "name": name} for code, (name, *_rest) in fresh.items()],
    )
    specialties = {one.code: one for one in world.env["clinic.specialty"].search([])}
    world.create(
        "product.product",
        [
            prepare_service(specialties[code], *service)
            for code, (_name, _problem, services) in SPECIALTIES.items()
            for service in services
        ],
    )


def prepare_service(specialty, name, minutes, price, traits):
    """Values of a service; licensed medical services carry no VAT."""
    vals = {
        "name": name,
        "type": "service",
        "is_clinic_service": True,
        "clinic_specialty_id": specialty.id,
        "neutral_label": LABEL,
        "taxes_id": [Command.clear()],
        "supplier_taxes_id": [Command.clear()],
        "duration": minutes,
        "buffer_after": 5 if minutes > 20 else 0,
        "list_price": price,
        "prepayment_policy": "optional" if "p" in traits else "none",
        "telemedicine_ok": "t" in traits,
    }
    if text := PREPARATION.get(name.split("|")[0]):
        vals["preparation_text"] = text
    return vals
