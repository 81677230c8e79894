"""What the demonstration clinic is filled with; every name is made up."""

from datetime import timedelta

# How long ago the clinic began to work.
OPENED = timedelta(days=90)

BANK_ACCOUNT = "40702810900000000001"
COURSE = "Повышение квалификации, 144 часа"
ROOMS = ("Кабинет 201", "Кабинет 202")

SERVICES = {
    "therapist": {
        "name": "Приём терапевта",
        "english": "General practitioner",
        "specialty": "therapy",
        "list_price": 2500,
        "duration": 30,
        "buffer_after": 5,
        "prepayment_policy": "optional",
        "telemedicine_ok": True,
    },
    "cardiologist": {
        "name": "Приём кардиолога",
        "english": "Cardiologist",
        "specialty": "cardiology",
        "list_price": 3500,
        "duration": 40,
        "buffer_after": 5,
        "prepayment_policy": "optional",
        "preparation_text": "Возьмите с собой прежние ЭКГ и список лекарств.",
    },
    "ecg": {
        "name": "ЭКГ с расшифровкой",
        "english": "ECG with interpretation",
        "specialty": "cardiology",
        "list_price": 1200,
        "duration": 20,
        "prepayment_policy": "optional",
    },
    "neurologist": {
        "name": "Приём невролога",
        "english": "Neurologist",
        "specialty": "neurology",
        "list_price": 3200,
        "duration": 40,
        "buffer_after": 5,
        "prepayment_policy": "optional",
    },
    "psychotherapist": {
        "name": "Консультация психотерапевта",
        "english": "Psychotherapist",
        "specialty": "psychotherapy",
        "list_price": 4500,
        "duration": 50,
        "buffer_after": 10,
        "prepayment_policy": "full",
        "telemedicine_ok": True,
    },
    "checkup": {
        "name": "Общий осмотр",
        "english": "Check-up",
        "specialty": "therapy",
        "list_price": 2900,
        "duration": 45,
        "prepayment_policy": "none",
    },
    "heart_school": {
        "name": "Школа здорового сердца (группа)",
        "english": "Heart school (group)",
        "specialty": "cardiology",
        "list_price": 900,
        "duration": 60,
        "is_group": True,
        "is_public": False,
        "prepayment_policy": "none",
    },
}

# login: (name, group); the password is the login.
USERS = {
    "registrar": ("Кузнецова Ольга", "group_registrar"),
    "specialist": ("Орлова Анна Сергеевна", "group_medical"),
    "chief": ("Воронцов Павел Андреевич", "group_medical_chief"),
    "cashier": ("Фомина Ирина", "group_cashier"),
    "accountant": ("Белова Татьяна", "group_accountant"),
    "finance": ("Громова Светлана", "group_finance_manager"),
}

PROBLEMS = {
    "heart": "Сердце и давление",
    "nerves": "Головная боль, сон, спина",
    "mood": "Тревога и настроение",
    "general": "Простуда и общее самочувствие",
}

# week: (weekday, room, from hour, to hour); services: (key, first, repeat minutes).
SPECIALISTS = {
    "orlova": {
        "name": "Орлова Анна Сергеевна",
        "login": "specialist",
        "specialty_ids": ["cardiology", "therapy"],
        "problem_category_ids": ["heart", "general"],
        "qualification": "highest",
        "experience_since": 2004,
        "public_title": "Кардиолог, кандидат медицинских наук",
        "public_text": "Лечит гипертонию, аритмии и боли в груди. Объясняет простыми"
        " словами, что происходит и что делать.",
        "min_age": 18,
        "services": [
            ("cardiologist", 40, 30),
            ("ecg", 20, 20),
            ("therapist", 30, 20),
            ("checkup", 45, 45),
            ("heart_school", 60, 60),
        ],
        "week": [(day, 0, 8, 14) for day in range(5)] + [(5, 0, 9, 15)],
    },
    "lebedev": {
        "name": "Лебедев Илья Викторович",
        "specialty_ids": ["neurology"],
        "problem_category_ids": ["nerves"],
        "qualification": "first",
        "experience_since": 2011,
        "public_title": "Невролог",
        "public_text": "Помогает при головной боли, бессоннице и боли в спине.",
        "services": [("neurologist", 40, 30)],
        "week": [(day, 1, 9, 15) for day in range(5)] + [(6, 1, 10, 16)],
    },
    "voronina": {
        "name": "Воронина Елена Игоревна",
        "specialty_ids": ["psychotherapy"],
        "problem_category_ids": ["mood", "nerves"],
        "qualification": "highest",
        "experience_since": 2008,
        "public_title": "Психотерапевт",
        "public_text": "Работает с тревогой, паническими атаками и последствиями"
        " стресса. Принимает очно и по видео.",
        "min_age": 16,
        "services": [("psychotherapist", 60, 50)],
        "week": [(day, 0, 14, 20) for day in range(5)]
        + [(5, 1, 10, 16), (6, 0, 10, 16)],
    },
}

# (question, [(answer, problem, weight, urgent)])
QUESTIONS = [
    (
        "Что вас беспокоит больше всего?",
        [
            ("Сердце, давление, одышка", "heart", 3, False),
            ("Головная боль, сон или спина", "nerves", 3, False),
            ("Тревога, настроение, стресс", "mood", 3, False),
            ("Простуда, слабость, общее самочувствие", "general", 3, False),
        ],
    ),
    (
        "Что лучше всего описывает, как это проходит?",
        [
            ("Началось недавно и мешает днём", "general", 1, False),
            ("Бывает приступами, учащается пульс", "heart", 1, False),
            ("Длится неделями, мешает спать", "mood", 1, False),
            ("Внезапная сильная боль, прямо сейчас", None, 0, True),
        ],
    ),
]

# (name, age, sex, phone, e-mail); the last one is the child of the first.
PATIENTS = [
    ("Соколова Мария Петровна", 38, "female", "+79161112201", "sokolova@example.com"),
    ("Григорьев Антон Юрьевич", 45, "male", "+79161112202", "grigoriev@example.com"),
    ("Тихонова Вера Павловна", 67, "female", "+79161112203", False),
    ("Мельников Денис Олегович", 29, "male", "+79161112204", False),
    ("Жукова Алла Борисовна", 52, "female", "+79161112205", "zhukova@example.com"),
    ("Данилов Пётр Ильич", 71, "male", "+79161112206", False),
    ("Ершова Ксения Романовна", 24, "female", "+79161112207", "ershova@example.com"),
    ("Хабибуллин Тимур Маратович", 33, "male", "+79161112208", False),
    ("Соколов Фёдор Андреевич", 19, "male", "+79161112209", False),
]

# key: (name, age, sex, phone) of those who came before the demonstration began.
OLD_PATIENTS = {
    "ryabov": ("Рябов Олег Николаевич", 48, "male", "+79161112211"),
    "kalinina": ("Калинина Юлия Андреевна", 35, "female", "+79161112212"),
    "afanasyev": ("Афанасьев Роман Сергеевич", 27, "male", "+79161112213"),
    "nosova": ("Носова Екатерина Львовна", 41, "female", "+79161112214"),
    "gusev": ("Гусев Павел Дмитриевич", 58, "male", "+79161112215"),
    "lapina": ("Лапина Дарья Олеговна", 31, "female", "+79161112216"),
}

# (days ago, patient, specialist, service, what came of it), the oldest first.
PAST = [
    (78, "ryabov", "orlova", "cardiologist", "debt"),
    (62, "nosova", "lebedev", "neurologist", "card"),
    (50, "afanasyev", "orlova", "therapist", "missed"),
    (41, "ryabov", "orlova", "checkup", "debt"),
    (30, "sokolova", "orlova", "cardiologist", "card"),
    (26, "afanasyev", "orlova", "therapist", "missed"),
    (20, "kalinina", "lebedev", "neurologist", "debt"),
    (13, "gusev", "orlova", "therapist", "debt"),
    (12, "ryabov", "orlova", "therapist", "debt"),
    (9, "lapina", "orlova", "cardiologist", "debt"),
    (5, "nosova", "orlova", "ecg", "cash"),
    (2, "lapina", "orlova", "ecg", "cash"),
]

# (patient, specialist, service, days ahead)
COMING = [
    ("gusev", "orlova", "therapist", 1),
    ("afanasyev", "orlova", "cardiologist", 2),
    ("ryabov", "orlova", "therapist", 3),
    ("kalinina", "lebedev", "neurologist", 2),
    ("nosova", "lebedev", "neurologist", 5),
]

# (patient, sum, days from now)
PROMISES = [
    ("kalinina", 3200, 4),
    ("gusev", 2500, -4),
    ("lapina", 3500, -1),
]

# (specialist, service, terms); None is everybody or everything.
SHARES = [
    (None, None, {"mode": "percent", "percent": 30}),
    ("orlova", None, {"mode": "percent", "percent": 40}),
    ("orlova", "ecg", {"mode": "amount", "amount": 300}),
]

PRICES = [
    ("nosova", {"price_mode": "fixed", "price": 900}),
    ("gusev", {"price_mode": "discount", "discount": 15}),
]

RULE = {
    "name": "Позвонить тем, кто много должен",
    "english": "Call those who owe much",
    "sequence": 35,
    "trigger": "before_visit",
    "offset": 3,
    "offset_unit": "days",
    "domain": '[("debt", ">", 3000)]',
}
TASK = "Позвонить и напомнить об оплате"

# (sum, purpose, the other side); money that went out is below zero.
TRANSFERS = [
    (3200, "Оплата по счёту {invoice}. Без НДС", "Калинина Юлия Андреевна"),
    (1000, "За приём, тел. 8 916 111-22-15", "Гусев Павел Дмитриевич"),
    (1500, "Оплата медицинских услуг", "Смирнова Нина Петровна"),
    (148250, "Возмещение по эквайрингу, реестр 118", "АО «Примербанк»"),
    (-64000, "Аренда помещения по договору 12/А", "ООО «Доходный дом»"),
]

# PHQ-9 (Kroenke, Spitzer, Williams 2001; free to use), its Russian edition.
PHQ9_OPTIONS = [
    ("Ни разу", 0),
    ("Несколько дней", 1),
    ("Более половины времени", 2),
    ("Почти каждый день", 3),
]
PHQ9 = (
    "Вам не хотелось ничего делать",
    "У вас было плохое настроение, вы были подавлены",
    "Трудно заснуть, прерывистый сон или слишком долгий сон",
    "Усталость, упадок сил",
    "Плохой аппетит или переедание",
    "Плохо о себе думали: считали себя неудачником",
    "Трудно сосредоточиться, например, на чтении",
    "Двигались или говорили заметно медленнее или беспокойнее обычного",
    "Мысли о том, что лучше было бы умереть или причинить себе вред",
)

# name: (specialties, [(kind, label, more)])
TEMPLATES = {
    "Осмотр терапевта": (
        ["therapy", "cardiology"],
        [
            ("section", "Осмотр"),
            (
                "choice",
                "Общее состояние",
                {
                    "options": [
                        ("удовлетворительное", 0),
                        ("средней тяжести", 1),
                        ("тяжёлое", 2),
                    ]
                },
            ),
            (
                "number",
                "Частота дыхания",
                {
                    "unit": "в мин",
                    "has_low": True,
                    "low": 12,
                    "has_high": True,
                    "high": 20,
                },
            ),
            ("choice", "Отёки", {"options": [("нет", 0), ("есть", 1)]}),
            ("text", "Лёгкие", {"hint": "Дыхание, хрипы"}),
            ("section", "Боль"),
            (
                "scale",
                "Сила боли за неделю",
                {"low": 0, "high": 10, "low_label": "нет", "high_label": "нестерпимая"},
            ),
            (
                "score",
                "Боль",
                {
                    "follow": "pain",
                    "bands": [
                        (0, 3, "слабая", "normal"),
                        (4, 6, "умеренная", "attention"),
                        (7, 10, "сильная", "alarm"),
                    ],
                },
            ),
        ],
    ),
    "Психотерапия: приём с PHQ-9": (
        ["psychotherapy"],
        [
            ("section", "За последние две недели"),
            *(("choice", text, {"options": PHQ9_OPTIONS}) for text in PHQ9),
            (
                "score",
                "PHQ-9",
                {
                    "follow": "phq9",
                    "bands": [
                        (0, 4, "нет депрессии", "normal"),
                        (5, 9, "лёгкая", "attention"),
                        (10, 14, "умеренная", "attention"),
                        (15, 19, "средней тяжести", "alarm"),
                        (20, 27, "тяжёлая", "alarm"),
                    ],
                },
            ),
            ("section", "Встреча"),
            ("text", "Тема встречи"),
            ("text", "Домашнее задание"),
        ],
    ),
}

# (short name, field, text)
PHRASES = [
    ("лёгкие", "examination", "В лёгких дыхание везикулярное, хрипов нет."),
    ("сердце", "examination", "Тоны сердца ясные, ритмичные, шумов нет."),
    (
        "живот",
        "examination",
        "Живот мягкий, безболезненный во всех отделах.",
    ),
    (
        "дневник",
        "recommendations",
        "Дневник артериального давления утром и вечером, показать на приёме.",
    ),
]

ALERTS = [
    {
        "kind": "allergy",
        "severity": "3_high",
        "text": "Пенициллин",
        "reaction": "отёк Квинке, 2019",
    },
    {"kind": "chronic", "severity": "1_low", "text": "Гипертоническая болезнь"},
]

VITALS = ("bp_sys", "bp_dia", "pulse", "weight", "height")
FIRST_VISIT = {
    "complaint": "Головная боль к вечеру, давление до 165/100.",
    "conclusion": "Артериальная гипертензия, подобрана терапия.",
    "recommendations": "Меньше соли, дневник давления.",
}
NEXT_VISIT = {
    "complaint": "Головная боль реже.",
    "conclusion": "Артериальная гипертензия, положительная динамика.",
    "recommendations": "Продолжать лечение, дневник давления.",
}
# (days ago, vitals, pain, texts)
EARLIER_VISITS = [
    (330, (162, 101, 88, 84.5, 168), 7, FIRST_VISIT),
    (270, (154, 96, 84, 83.9, 168), 6, NEXT_VISIT),
    (200, (147, 92, 79, 82.4, 168), 4, NEXT_VISIT),
    (140, (141, 88, 76, 81, 168), 4, NEXT_VISIT),
    (80, (136, 85, 72, 79.8, 168), 2, NEXT_VISIT),
    (30, (131, 82, 71, 79.1, 168), 1, NEXT_VISIT),
]
