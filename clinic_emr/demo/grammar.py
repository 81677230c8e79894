"""What specialists write: sentences put together by specialty, no two alike.

Every text is "Russian|English"; of a list one is chosen by chance.
"""

from typing import NamedTuple

SINCE = (
    "Беспокоит третий день|For three days",
    "Около недели|For about a week",
    "Последние две недели|For the last two weeks",
    "С прошлого месяца|Since last month",
    "Несколько лет, обострение с весны|For years, worse since spring",
    "Со вчерашнего вечера|Since last night",
    "После отпуска|Since the holidays",
    "После простуды|After a cold",
)
WHEN = (
    "усиливается к вечеру|worse in the evening",
    "хуже по утрам|worse in the morning",
    "после нагрузки|after exertion",
    "после еды|after meals",
    "на фоне усталости|when tired",
    "в покое проходит|passes at rest",
    "связи ни с чем не замечает|not linked to anything",
    "почти каждый день|almost every day",
)
THEN = (
    "Лекарств не принимал(а).|No medicines taken.",
    "Помогает обычное обезболивающее.|Common painkillers help.",
    "Раньше за помощью не обращались.|No help sought before.",
    "Прошлое лечение помогло на месяц.|Earlier treatment helped for a month.",
    "Аллергии не отмечает.|No known allergies.",
    "Из анализов с собой прошлогодние.|Brought last year's tests.",
)
RATING = (
    "Оценивает на {points} из 10.|Rates it {points} of 10.",
    "Сегодня {points} из 10, было {before}.|Today {points} of 10, was {before}.",
    "Мешает {points} дней из десяти.|A nuisance {points} days of ten.",
)
IMPACT = (
    "Работать не мешает.|Work is possible.",
    "Дважды брал(а) отгул.|Two days off work.",
    "Спит {sleep} часов.|Sleeps {sleep} hours.",
    "Ходит меньше обычного.|Walks less than usual.",
    "Занятия спортом отменил(а).|Sport given up for now.",
    "Аппетит прежний.|Appetite as before.",
    "Близкие заметили.|The family has noticed.",
    "Кофе до {cups} чашек в день.|Coffee, {cups} cups a day.",
)
NEXT = (
    "Контроль через {weeks} нед.|Follow-up in {weeks} weeks.",
    "Повторный визит через {weeks} нед., раньше при ухудшении."
    "|Come again in {weeks} weeks, sooner if worse.",
    "Показаться через {weeks} нед. с дневником.|Come in {weeks} weeks with the diary.",
)


class Theme(NamedTuple):
    """What is complained of, found, concluded and advised; codes of ICD-10."""

    complaints: tuple[str, ...]
    findings: tuple[str, ...]
    conclusions: tuple[tuple[str, str], ...]  # (code, text)
    advice: tuple[str, ...]


THEMES = {
    "general": Theme(
        (
            "Слабость и насморк|Weakness and a runny nose",
            "Кашель без мокроты|Dry cough",
            "Температура до 37,6|Temperature up to 37.6",
            "Боль в горле|Sore throat",
            "Быстрая утомляемость|Quick fatigue",
        ),
        (
            "Зев умеренно гиперемирован, лимфоузлы не увеличены"
            "|Throat slightly red, lymph nodes not enlarged",
            "Дыхание везикулярное, хрипов нет|Vesicular breathing, no rales",
            "Кожа чистая, отёков нет|Skin clear, no oedema",
        ),
        (
            (
                "J06.9",
                "Острая инфекция верхних дыхательных путей|Acute respiratory infection",
            ),
            ("J00", "Острый назофарингит|Acute nasopharyngitis"),
            ("Z00.0", "Практически здоров(а)|No disease found"),
        ),
        (
            "Тёплое питьё, покой|Warm drinks and rest",
            "Общий анализ крови|Blood count",
            "Больше сна, прогулки|More sleep, walks",
        ),
    ),
    "heart": Theme(
        (
            "Головная боль и давление до {high}/{low}"
            "|Headache and pressure up to {high}/{low}",
            "Перебои в работе сердца|Irregular heartbeat",
            "Одышка на третьем этаже|Short of breath on the third floor",
            "Тяжесть за грудиной|Heaviness behind the breastbone",
        ),
        (
            "АД {high}/{low}, пульс {pulse}, тоны ритмичные"
            "|BP {high}/{low}, pulse {pulse}, regular",
            "Шумов нет, отёков нет, пульс {pulse}|No murmurs, no oedema, pulse {pulse}",
            "Акцент второго тона на аорте, АД {high}/{low}"
            "|Accented second sound, BP {high}/{low}",
        ),
        (
            ("I10", "Артериальная гипертензия|Arterial hypertension"),
            ("I49.9", "Нарушение ритма неуточнённое|Arrhythmia, unspecified"),
            ("I20.8", "Стенокардия напряжения под вопросом|Angina to be ruled out"),
        ),
        (
            "Меньше соли, дневник давления|Less salt, diary of pressure",
            "ЭКГ и липидный профиль|ECG and lipid profile",
            "Ходьба по {minutes} минут в день|Walking {minutes} minutes a day",
        ),
    ),
    "nerves": Theme(
        (
            "Давящая головная боль|Pressing headache",
            "Боль в пояснице, отдаёт в ногу|Back pain down to the leg",
            "Плохой сон, просыпается в {hour} часа|Poor sleep, awake at {hour}",
            "Онемение пальцев|Numb fingers",
        ),
        (
            "Очаговых знаков нет, мышцы шеи напряжены"
            "|No focal signs, neck muscles tense",
            "Симптом натяжения справа с {angle}°|Straight leg raise right at {angle}°",
            "Рефлексы живые, равные|Reflexes brisk and equal",
        ),
        (
            ("G44.2", "Головная боль напряжения|Tension headache"),
            ("M54.5", "Боль внизу спины|Low back pain"),
            ("G47.0", "Нарушение засыпания|Insomnia"),
        ),
        (
            "Упражнения для шеи {minutes} минут в день"
            "|Neck exercises {minutes} minutes a day",
            "МРТ при отсутствии улучшения|MRI if not better",
            "Режим сна, без экрана за час|Sleep routine, no screens",
        ),
    ),
    "mood": Theme(
        (
            "Тревога без повода|Anxiety without cause",
            "Снижение настроения|Low mood",
            "Приступы паники в транспорте|Panic attacks in transport",
            "Раздражительность, трудно сосредоточиться|Irritable, cannot concentrate",
        ),
        (
            "Контакту доступен(на), фон настроения снижен|Good contact, mood lowered",
            "Речь спокойная, мышление последовательное|Calm speech, coherent thought",
            "Тревога {points} из 10 по самооценке|Anxiety {points} of 10, self-rated",
        ),
        (
            ("F41.1", "Генерализованное тревожное расстройство|Generalised anxiety"),
            ("F32.0", "Депрессивный эпизод лёгкой степени|Mild depressive episode"),
            ("F43.2", "Расстройство адаптации|Adjustment disorder"),
        ),
        (
            "Дневник мыслей, дыхание по {minutes} минут"
            "|Diary of thoughts, breathing {minutes} minutes",
            "Еженедельные встречи|Weekly sessions",
            "Постепенно вернуть прогулки|Bring walks back step by step",
        ),
    ),
    "child": Theme(
        (
            "Насморк и кашель|Runny nose and cough",
            "Не выговаривает звук «р»|Cannot say the sound r",
            "Боится оставаться в саду|Afraid to stay in kindergarten",
            "Осмотр перед секцией|Check before sports",
        ),
        (
            "Развитие по возрасту, зев чистый|Development by age, throat clear",
            "Активен(на), играет, понимает просьбы|Active, plays, understands requests",
            "Вес и рост в коридоре {low}-й центили|Weight and height at centile {low}",
        ),
        (
            ("J06.9", "ОРИ, лёгкое течение|Mild respiratory infection"),
            ("F80.0", "Нарушение артикуляции|Articulation disorder"),
            ("Z00.1", "Здоров(а)|Healthy"),
        ),
        (
            "Промывать нос, проветривать|Rinse the nose, air the room",
            "Домашние упражнения {minutes} минут|Home exercises {minutes} minutes",
            "Прививки по календарю|Vaccinations by the calendar",
        ),
    ),
    "skin": Theme(
        (
            "Зудящая сыпь на руках|Itchy rash on the arms",
            "Высыпания на лице|Spots on the face",
            "Родинка изменилась|A mole has changed",
            "Чихание и слезятся глаза|Sneezing and watery eyes",
        ),
        (
            "Папулы до {low} мм, без мокнутия|Papules up to {low} mm, dry",
            "Образование {points} мм, края ровные|Lesion of {points} mm, even edges",
            "Кожа сухая, расчёсы|Dry skin, scratch marks",
        ),
        (
            ("L20.9", "Атопический дерматит|Atopic dermatitis"),
            ("L70.0", "Акне|Acne"),
            ("J30.1", "Поллиноз|Hay fever"),
        ),
        (
            "Увлажняющий крем дважды в день|Moisturiser twice a day",
            "Дневник контактов|Diary of contacts",
            "Контроль образования через {weeks} нед.|Check of the lesion in {weeks} w.",
        ),
    ),
    "senses": Theme(
        (
            "Снижение слуха слева|Hearing worse on the left",
            "Глаза устают от экрана|Eyes tired by screens",
            "Заложен нос|Blocked nose",
            "Вдаль видит хуже|Distant objects blurred",
        ),
        (
            "Острота зрения 0,{points}, среды прозрачны|Acuity 0.{points}, clear",
            "Серная пробка слева, удалена|Wax plug on the left, removed",
            "Слизистая отёчна, отделяемое прозрачное|Mucosa swollen, clear discharge",
        ),
        (
            ("H52.1", "Миопия слабой степени|Mild myopia"),
            ("J30.4", "Аллергический ринит|Allergic rhinitis"),
            ("H61.2", "Серная пробка|Impacted wax"),
        ),
        (
            "Перерыв {minutes} минут каждый час|A break of {minutes} minutes an hour",
            "Капли на {points} дней|Drops for {points} days",
            "Аудиометрия|Audiometry",
        ),
    ),
    "stomach": Theme(
        (
            "Изжога|Heartburn",
            "Вздутие и боли в животе|Bloating and stomach ache",
            "Набрал(а) {points} кг за год|Gained {points} kg in a year",
            "Частое мочеиспускание|Frequent urination",
        ),
        (
            "Живот мягкий, безболезненный|Abdomen soft, painless",
            "Печень не увеличена, ИМТ {low_bmi}|Liver not enlarged, BMI {low_bmi}",
            "Щитовидная железа не увеличена|Thyroid not enlarged",
        ),
        (
            ("K21.9", "Рефлюксная болезнь|Reflux disease"),
            ("K58.9", "Синдром раздражённого кишечника|Irritable bowel"),
            ("E66.0", "Избыточный вес|Overweight"),
        ),
        (
            "Есть пять раз в день понемногу|Five small meals a day",
            "УЗИ брюшной полости|Abdominal ultrasound",
            "Анализ на ТТГ и глюкозу|TSH and glucose",
        ),
    ),
    "joints": Theme(
        (
            "Боль в колене на лестнице|Knee pain on stairs",
            "Скованность по утрам {minutes} минут|Morning stiffness {minutes} minutes",
            "Подвернул(а) ногу|Twisted an ankle",
            "Боль в плече при подъёме руки|Shoulder pain when lifting the arm",
        ),
        (
            "Сгибание до {angle}°, болезненно|Flexion to {angle}°, painful",
            "Отёк умеренный, опора сохранена|Moderate swelling, weight borne",
            "Объём движений полный|Full range of movement",
        ),
        (
            ("M17.1", "Гонартроз первой степени|Knee osteoarthritis, grade 1"),
            ("S93.4", "Растяжение связок стопы|Ankle sprain"),
            ("M75.1", "Синдром вращательной манжеты|Rotator cuff syndrome"),
        ),
        (
            "Лечебная физкультура {minutes} минут в день"
            "|Exercise {minutes} minutes a day",
            "Снимок в двух проекциях|X-ray in two views",
            "Холод и покой на {points} дней|Cold and rest for {points} days",
        ),
    ),
    "intimate": Theme(
        (
            "Плановый осмотр|Routine check",
            "Тянущие боли внизу живота|Dull lower abdominal pain",
            "Нерегулярный цикл|Irregular cycle",
            "Дискомфорт при мочеиспускании|Discomfort on urination",
        ),
        (
            "Осмотр без особенностей|Examination unremarkable",
            "УЗИ: размеры в норме, {low} мм|Ultrasound: normal size, {low} mm",
            "Болезненность слабая, без защиты|Slight tenderness, no guarding",
        ),
        (
            ("Z01.4", "Патологии не выявлено|Nothing abnormal found"),
            ("N94.9", "Болевой синдром под наблюдением|Pain, under observation"),
            ("N30.9", "Цистит под вопросом|Cystitis to be ruled out"),
        ),
        (
            "Мазок и общий анализ мочи|Swab and urine test",
            "Повторное УЗИ через {weeks} нед.|Ultrasound again in {weeks} weeks",
            "Пить до {points} стаканов воды|Drink {points} glasses of water",
        ),
    ),
    "teeth": Theme(
        (
            "Реакция на холодное|Sensitive to cold",
            "Кровоточат дёсны|Bleeding gums",
            "Скол зуба|Chipped tooth",
            "Осмотр раз в полгода|Half-yearly check",
        ),
        (
            "Полость на зубе {low}|Cavity in tooth {low}",
            "Налёт, дёсны отёчны|Plaque, swollen gums",
            "Санация не требуется|No treatment needed",
        ),
        (
            ("K02.1", "Кариес дентина|Dentine caries"),
            ("K05.1", "Хронический гингивит|Chronic gingivitis"),
            ("K03.6", "Зубные отложения|Deposits on teeth"),
        ),
        (
            "Щётка средней жёсткости, нить|Medium brush, floss",
            "Гигиена через {weeks} нед.|Hygiene in {weeks} weeks",
            "Снимок зуба {low}|X-ray of tooth {low}",
        ),
    ),
}


def compose(chance, code, say):
    """Texts of a protocol: complaint, examination, conclusion, recommendations, code.

    :param chance: ``random.Random``
    :param code: of the theme, a code of ``clinic.problem.category``
    :param say: chooses the language of "Russian|English"
    """
    theme = THEMES.get(code, THEMES["general"])
    low = chance.randint(74, 96)
    figures = {
        "low": low if code == "heart" else chance.randint(11, 48),
        "high": chance.randint(121, 168),
        "pulse": chance.randint(62, 94),
        "minutes": chance.choice((10, 15, 20, 30, 40)),
        "weeks": chance.randint(2, 8),
        "points": chance.randint(2, 9),
        "hour": chance.randint(3, 5),
        "angle": chance.randint(30, 110),
        "low_bmi": chance.randint(19, 33),
        "before": chance.randint(3, 10),
        "sleep": chance.randint(5, 9),
        "cups": chance.randint(2, 7),
    }

    def pick(texts):
        return say(chance.choice(texts)).format(**figures)

    icd10, conclusion = chance.choice(theme.conclusions)
    begun = f"{pick(theme.complaints)}. {pick(SINCE)}, {pick(WHEN)}."
    return {
        "complaint": f"{begun} {pick(RATING)} {pick(IMPACT)} {pick(THEN)}",
        "examination": f"{pick(theme.findings)}.",
        "conclusion": f"{say(conclusion)}.",
        "recommendations": f"{pick(theme.advice)}. {pick(NEXT)}",
    }, icd10
