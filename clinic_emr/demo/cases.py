"""What patients come with, by specialty: cases whose parts belong together.

Every text is "Russian|English". {a} and {en} are endings that agree with the patient's
sex in Russian; other words in braces are figures (:mod:`.grammar`).
"""

from typing import NamedTuple


class Case(NamedTuple):
    """What is complained of, found, concluded and advised."""

    code: str  # of ICD-10
    complaints: tuple[str, ...]
    findings: tuple[str, ...]
    conclusion: str
    advice: tuple[str, ...]
    ages: tuple[int, int] = (0, 120)
    sex: str = ""  # "female" or "male"; empty: either
    is_well: bool = False  # nothing is wrong


GENERAL = (
    Case(
        "J06.9",
        (
            "Слабость, насморк и кашель|Weakness, a runny nose and a cough",
            "Боль в горле, температура до 37,{points}"
            "|Sore throat, temperature up to 37.{points}",
        ),
        (
            "Зев умеренно гиперемирован, лимфоузлы не увеличены"
            "|Throat slightly red, lymph nodes not enlarged",
            "Дыхание везикулярное, хрипов нет, ЧДД {breaths}"
            "|Vesicular breathing, no rales, rate {breaths}",
        ),
        "Острая инфекция верхних дыхательных путей"
        "|Acute infection of the upper respiratory tract",
        (
            "Тёплое питьё, покой {many} дней|Warm drinks, rest for {many} days",
            "Промывать нос солевым раствором|Rinse the nose with saline",
        ),
    ),
    Case(
        "R53",
        (
            "Быстрая утомляемость, сонливость днём|Quick fatigue, sleepy by day",
            "Нет сил к середине дня|No strength left by noon",
        ),
        (
            "Кожа обычной окраски, отёков нет, пульс {pulse}"
            "|Normal skin, no oedema, pulse {pulse}",
            "Щитовидная железа не увеличена, пульс {pulse}"
            "|Thyroid not enlarged, pulse {pulse}",
        ),
        "Астеническое состояние, причина уточняется|Fatigue, cause to be found",
        (
            "Общий анализ крови, ферритин, ТТГ|Blood count, ferritin, TSH",
            "Сон не меньше восьми часов, прогулки|Eight hours of sleep, walks",
        ),
        (14, 120),
    ),
    Case(
        "Z00.0",
        (
            "Жалоб нет, осмотр для справки|No complaints, check for a certificate",
            "Хочет проверить здоровье перед отпуском|A check before the holidays",
        ),
        (
            "АД {high}/{low}, пульс {pulse}, ИМТ {bmi}"
            "|BP {high}/{low}, pulse {pulse}, BMI {bmi}",
            "Отклонений при осмотре нет, ИМТ {bmi}|Nothing abnormal, BMI {bmi}",
        ),
        "Практически здоров{a}|In good health",
        (
            "Осмотр через год|Check in a year",
            "Ходьба по {minutes} минут в день|Walk {minutes} minutes a day",
        ),
        is_well=True,
    ),
)
HEART = (
    Case(
        "I10",
        (
            "Головная боль, давление до {high}/{low}"
            "|Headache, pressure up to {high}/{low}",
            "Давление по утрам {high}/{low}, шум в ушах"
            "|Morning pressure {high}/{low}, ringing in the ears",
        ),
        (
            "АД {high}/{low}, пульс {pulse}, акцент второго тона на аорте"
            "|BP {high}/{low}, pulse {pulse}, accented second sound",
            "Тоны ритмичные, шумов нет, АД {high}/{low}"
            "|Regular sounds, no murmurs, BP {high}/{low}",
        ),
        "Артериальная гипертензия|Arterial hypertension",
        (
            "Меньше соли, дневник давления утром и вечером"
            "|Less salt, a diary of pressure twice a day",
            "ЭКГ и липидный профиль|ECG and lipid profile",
        ),
        (30, 120),
    ),
    Case(
        "I49.9",
        (
            "Перебои в работе сердца, до {many} раз в день"
            "|Irregular heartbeat, up to {many} times a day",
            "Сердце то замирает, то торопится|The heart stops and hurries",
        ),
        (
            "Единичные экстрасистолы, пульс {pulse}|Single extra beats, pulse {pulse}",
            "Ритм правильный, ЧСС {pulse}, шумов нет"
            "|Regular rhythm, rate {pulse}, no murmurs",
        ),
        "Нарушение ритма, требует уточнения|Arrhythmia, to be specified",
        (
            "Суточная запись ЭКГ|24-hour ECG",
            "Отказаться от кофе на {weeks} нед.|No coffee for {weeks} weeks",
        ),
    ),
    Case(
        "R07.4",
        (
            "Тяжесть за грудиной на {few}-м этаже"
            "|Heaviness in the chest on floor {few}",
            "Колет слева в груди при волнении|Stitches in the chest when upset",
        ),
        (
            "АД {high}/{low}, боль не усиливается при нажатии"
            "|BP {high}/{low}, pain not worse on pressure",
            "На ЭКГ ишемии нет, ЧСС {pulse}|No ischaemia on ECG, rate {pulse}",
        ),
        "Боль в груди, стенокардию исключаем|Chest pain, angina to be ruled out",
        (
            "Нагрузочная проба|Stress test",
            "При боли дольше 15 минут вызывать скорую"
            "|Call an ambulance if it lasts over 15 minutes",
        ),
    ),
)
NERVES = (
    Case(
        "G44.2",
        (
            "Давящая головная боль, {workdays} дней в неделю"
            "|Pressing headache, {workdays} days a week",
            "Голову сжимает обручем к вечеру|A tight band round the head by evening",
        ),
        (
            "Очаговых знаков нет, мышцы шеи напряжены|No focal signs, tense neck",
            "Рефлексы живые, равные, пульс {pulse}"
            "|Reflexes brisk and equal, pulse {pulse}",
        ),
        "Головная боль напряжения|Tension headache",
        (
            "Упражнения для шеи по {minutes} минут|Neck exercises, {minutes} minutes",
            "Дневник головной боли|A headache diary",
        ),
    ),
    Case(
        "M54.5",
        (
            "Боль в пояснице, отдаёт в ногу|Back pain down to the leg",
            "Потянул{a} спину, подняв {bmi} кг|Strained the back lifting {bmi} kg",
        ),
        (
            "Симптом натяжения справа с {angle}°|Straight leg raise right at {angle}°",
            "Чувствительность сохранена, наклон до {angle}°"
            "|Sensation intact, bends to {angle}°",
        ),
        "Боль внизу спины|Low back pain",
        (
            "Оставаться в движении, тепло|Stay active, keep warm",
            "МРТ, если не станет легче|MRI if it does not get better",
        ),
        (16, 120),
    ),
    Case(
        "G47.0",
        (
            "Просыпается в {few} часа и не может уснуть|Wakes at {few} and lies awake",
            "Засыпает дольше {minutes} минут"
            "|Takes over {minutes} minutes to fall asleep",
        ),
        (
            "Очаговых знаков нет, АД {high}/{low}|No focal signs, BP {high}/{low}",
            "Устойчив{a} в позе Ромберга, пульс {pulse}"
            "|Steady in the Romberg test, pulse {pulse}",
        ),
        "Нарушение сна|Insomnia",
        (
            "Вставать в одно время, без экрана за час до сна"
            "|Rise at the same hour, no screens for an hour before",
            "Дневник сна на {weeks} нед.|A sleep diary for {weeks} weeks",
        ),
    ),
)
MOOD = (
    Case(
        "F41.1",
        (
            "Тревога без повода, {workdays} дней в неделю"
            "|Anxiety without cause, {workdays} days a week",
            "Не отпускает напряжение, ждёт плохого|Tense, expecting the worst",
        ),
        (
            "Контакту доступ{en}, тревога {rate} из 10 по самооценке"
            "|In good contact, anxiety {rate} of 10, self-rated",
            "Мышление последовательное, суетлив{a}|Coherent thought, restless",
        ),
        "Генерализованное тревожное расстройство|Generalised anxiety",
        (
            "Дневник мыслей, дыхание по {minutes} минут"
            "|Diary of thoughts, breathing for {minutes} minutes",
            "Еженедельные встречи|Weekly sessions",
        ),
    ),
    Case(
        "F32.0",
        (
            "Снижение настроения, ничего не радует|Low mood, nothing pleases",
            "Трудно начать день, {points} нед. подряд"
            "|Hard to begin the day, {points} weeks in a row",
        ),
        (
            "Фон настроения снижен, суицидальных мыслей нет"
            "|Mood lowered, no suicidal thoughts",
            "Речь тихая, мышление последовательное, сон {sleep} часов"
            "|Quiet speech, coherent thought, sleeps {sleep} hours",
        ),
        "Депрессивный эпизод лёгкой степени|Mild depressive episode",
        (
            "По одному приятному делу в день|One pleasant thing a day",
            "Постепенно вернуть прогулки|Bring walks back step by step",
        ),
    ),
    Case(
        "F43.2",
        (
            "После переезда не может привыкнуть|Cannot settle after a move",
            "Раздражается после смены работы|Irritable since the job changed",
        ),
        (
            "Эмоционально живо рассказывает, плачет|Tells it with feeling, cries",
            "Ориентирован{a}, напряжение {rate} из 10|Oriented, tension {rate} of 10",
        ),
        "Расстройство адаптации|Adjustment disorder",
        (
            "План недели с отдыхом|A plan of the week with rest in it",
            "Поддержка близких, одна встреча в неделю"
            "|Support of the family, a session a week",
        ),
        (18, 120),
    ),
)
CHILD = (
    Case(
        "J06.9",
        (
            "Насморк и кашель, аппетит снижен|Runny nose and cough, poor appetite",
            "Температура вчера 38,{points}|Temperature of 38.{points} yesterday",
        ),
        (
            "Зев розовый, дыхание жёсткое, ЧДД {breaths}"
            "|Throat pink, harsh breathing, rate {breaths}",
            "Уши без особенностей, хрипов нет|Ears clear, no rales",
        ),
        "Острая респираторная инфекция, лёгкое течение"
        "|Mild acute respiratory infection",
        (
            "Промывать нос, проветривать комнату|Rinse the nose, air the room",
            "Дома до {many} дней, питьё|At home up to {many} days, drinks",
        ),
    ),
    Case(
        "Z00.1",
        (
            "Осмотр перед прививкой, жалоб нет|Check before vaccination, no complaints",
            "Плановый осмотр, родителей ничего не беспокоит"
            "|Routine check, parents have no worries",
        ),
        (
            "Развитие по возрасту, рост и вес в коридоре {angle}-й центили"
            "|Development by age, height and weight at centile {angle}",
            "Активный контакт, зев чистый, живот мягкий"
            "|Lively, throat clear, soft abdomen",
        ),
        "Здоров{a}|Healthy",
        (
            "Прививки по календарю|Vaccinations by the calendar",
            "Гулять не меньше {minutes} минут в день"
            "|Outdoors at least {minutes} minutes a day",
        ),
        is_well=True,
    ),
    Case(
        "K59.0",
        (
            "Стул раз в {few} дня, болит живот|Stool every {few} days, stomach ache",
            "Отказывается от овощей, болит живот|Refuses vegetables, stomach ache",
        ),
        (
            "Живот мягкий, сигма пальпируется|Soft abdomen, sigmoid palpable",
            "Печень по краю дуги, живот вздут умеренно"
            "|Liver at the margin, slight bloating",
        ),
        "Функциональный запор|Functional constipation",
        (
            "Клетчатка и вода по {many} стаканов|Fibre, {many} glasses of water",
            "Туалет в одно время после завтрака|Toilet at one time after breakfast",
        ),
    ),
)
SPEECH = (
    Case(
        "F80.0",
        (
            "Не выговаривает звук «р»|Cannot say the sound r",
            "Путает «ш» и «с», осталось {many} слов|Mixes sh and s in {many} words",
        ),
        (
            "Артикуляция «р» на {many} попыток из десяти"
            "|Articulates r in {many} tries of ten",
            "Мышцы языка слабые, уздечка в норме|Weak tongue muscles, normal frenulum",
        ),
        "Нарушение артикуляции|Articulation disorder",
        (
            "Домашние упражнения по {minutes} минут|Home exercises, {minutes} minutes",
            "Чтение вслух с родителями|Reading aloud with the parents",
        ),
    ),
    Case(
        "F81.0",
        (
            "Читает медленно, {words} слов в минуту"
            "|Reads slowly, {words} words a minute",
            "Пропускает буквы на письме|Leaves letters out when writing",
        ),
        (
            "Звуковой анализ с {many} ошибками|Sound analysis with {many} errors",
            "Внимание удерживает {minutes} минут|Attends for {minutes} minutes",
        ),
        "Трудности чтения|Reading difficulty",
        (
            "Слоговые таблицы каждый день|Tables of syllables every day",
            "Игры на звуки по {minutes} минут|Sound games, {minutes} minutes",
        ),
        (6, 17),
    ),
)
GROWING = (
    Case(
        "F93.0",
        (
            "Плачет при расставании с мамой|Cries when mother leaves",
            "Боится оставаться один в комнате|Afraid to stay alone in a room",
        ),
        (
            "В контакт вступает через {minutes} минут"
            "|In contact after {minutes} minutes",
            "Рисует охотно, говорит шёпотом|Draws gladly, speaks in whispers",
        ),
        "Тревога разлуки|Separation anxiety",
        (
            "Короткие расставания по плану|Short separations by a plan",
            "Ритуал прощания, встречи раз в неделю"
            "|A ritual of parting, weekly sessions",
        ),
        (0, 9),
    ),
    Case(
        "F90.0",
        (
            "Не усидит на уроке дольше {minutes} минут"
            "|Cannot sit through {minutes} minutes of a lesson",
            "Теряет вещи, забывает задания|Loses things, forgets homework",
        ),
        (
            "Проба на внимание: {points} ошибок|Attention test: {many} errors",
            "Отвлекается на звуки, доброжелател{en}|Distracted by sounds, friendly",
        ),
        "Нарушение внимания|Attention disorder",
        (
            "Задания частями по {minutes} минут|Tasks in parts of {minutes} minutes",
            "Беседа с учителем|A talk with the teacher",
        ),
        (6, 17),
    ),
)
SKIN = (
    Case(
        "L20.9",
        (
            "Зудящая сыпь на руках|Itchy rash on the arms",
            "Сухая кожа, зуд {rate} из 10|Dry skin, itch {rate} of 10",
        ),
        (
            "Папулы до {points} мм, без мокнутия|Papules up to {points} mm, dry",
            "Кожа сухая, расчёсы на сгибах|Dry skin, scratch marks in the folds",
        ),
        "Атопический дерматит|Atopic dermatitis",
        (
            "Увлажняющий крем дважды в день|Moisturiser twice a day",
            "Короткий душ, хлопковая одежда|Short showers, cotton clothes",
        ),
    ),
    Case(
        "L70.0",
        (
            "Высыпания на лице и спине|Spots on the face and back",
            "Воспаления на коже, {weeks} мес.|Inflamed spots for {weeks} months",
        ),
        (
            "Комедоны, до {small} папул|Comedones, up to {small} papules",
            "Кожа жирная, пустулы единичные|Oily skin, single pustules",
        ),
        "Акне лёгкой степени|Mild acne",
        (
            "Мягкое умывание, не выдавливать|Gentle wash, no squeezing",
            "Местная терапия на {weeks} нед.|Topical treatment for {weeks} weeks",
        ),
        (12, 45),
    ),
    Case(
        "D22.9",
        (
            "Родинка изменилась за {weeks} мес.|A mole changed in {weeks} months",
            "Просит осмотреть родинки|Wants the moles checked",
        ),
        (
            "Образование {points} мм, края ровные|Lesion of {points} mm, even edges",
            "При дерматоскопии сеть правильная, {points} мм"
            "|Regular network on dermoscopy, {points} mm",
        ),
        "Меланоцитарный невус, доброкачественный|Benign melanocytic naevus",
        (
            "Беречь от солнца|Protect from the sun",
            "Снимок и контроль через {weeks} мес.|Photo, check in {weeks} months",
        ),
    ),
)
ALLERGY = (
    Case(
        "J30.1",
        (
            "Чихание и слезятся глаза на улице|Sneezing and watery eyes outdoors",
            "Заложен нос весной, {weeks} нед.|Blocked nose in spring, {weeks} weeks",
        ),
        (
            "Слизистая бледная, отёчна|Mucosa pale and swollen",
            "Проба с берёзой {points} мм|Birch prick test {points} mm",
        ),
        "Поллиноз|Hay fever",
        (
            "Закрытые окна в сухие дни|Windows closed on dry days",
            "Дневник симптомов на {weeks} нед.|Diary of symptoms for {weeks} weeks",
        ),
    ),
    Case(
        "L50.9",
        (
            "Волдыри после еды|Weals after meals",
            "Сыпь приходит и уходит за {sleep} часов"
            "|A rash that comes and goes in {sleep} hours",
        ),
        (
            "Уртикарии до {small} мм|Weals up to {small} mm",
            "Кожа сегодня чистая, дермографизм есть|Skin clear today, dermographism",
        ),
        "Крапивница|Urticaria",
        (
            "Дневник еды на {weeks} нед.|Food diary for {weeks} weeks",
            "Исключить горячие ванны|No hot baths",
        ),
    ),
)
EARS = (
    Case(
        "H61.2",
        (
            "Хуже слышит слева|Hears worse on the left",
            "Заложило ухо после купания|An ear blocked after a swim",
        ),
        (
            "Серная пробка, удалена; слух {points} м|Wax removed; hears at {points} m",
            "Перепонка после промывания серая|Grey drum after the wash",
        ),
        "Серная пробка|Impacted wax",
        (
            "Не чистить палочками|No cotton buds",
            "Масляные капли раз в {weeks} нед.|Oil drops every {weeks} weeks",
        ),
    ),
    Case(
        "J30.4",
        (
            "Нос заложен по ночам|Nose blocked at night",
            "Стекает по задней стенке, {points} нед."
            "|A drip in the throat, {points} weeks",
        ),
        (
            "Слизистая отёчна, отделяемое прозрачное|Mucosa swollen, clear discharge",
            "Раковины увеличены, дыхание {rate} из 10"
            "|Turbinates enlarged, airflow {rate} of 10",
        ),
        "Аллергический ринит|Allergic rhinitis",
        (
            "Солевой спрей, {many} раз в день|Saline spray, {many} times a day",
            "Убрать ковры и пух|No carpets and down",
        ),
    ),
)
EYES = (
    Case(
        "H52.1",
        (
            "Вдаль видит хуже|Distant objects blurred",
            "Щурится, глядя на доску|Squints at distant signs",
        ),
        (
            "Острота зрения 0,{points}, среды прозрачны|Acuity 0.{points}, clear media",
            "Рефракция −{dioptre},5 диоптрии|Refraction −{dioptre}.5 dioptres",
        ),
        "Миопия слабой степени|Mild myopia",
        (
            "Очки для дали|Glasses for distance",
            "Перерыв {minutes} минут каждый час|A break of {minutes} minutes an hour",
        ),
    ),
    Case(
        "H04.1",
        (
            "Глаза устают от экрана|Eyes tired by screens",
            "Песок в глазах к вечеру|Grit in the eyes by evening",
        ),
        (
            "Проба Ширмера {small} мм|Schirmer test {small} mm",
            "Слёзный мениск снижен|Low tear meniscus",
        ),
        "Синдром сухого глаза|Dry eye",
        (
            "Капли {few} раза в день|Drops {few} times a day",
            "Чаще моргать, увлажнять воздух|Blink more, moisten the air",
        ),
    ),
)
WOMEN = (
    Case(
        "Z01.4",
        (
            "Плановый осмотр, жалоб нет|Routine check, no complaints",
            "Осмотр перед планированием беременности|Check before planning a pregnancy",
        ),
        (
            "Осмотр без особенностей, цикл {cycle} дней"
            "|Unremarkable, cycle of {cycle} days",
            "УЗИ: размеры в норме, {small} мм|Ultrasound normal, {small} mm",
        ),
        "Патологии не выявлено|Nothing abnormal found",
        (
            "Осмотр через год, мазок взят|Check in a year, swab taken",
            "Фолиевая кислота, {weeks} нед.|Folic acid, {weeks} weeks",
        ),
        (16, 120),
        "female",
        is_well=True,
    ),
    Case(
        "N94.6",
        (
            "Болезненные месячные, {rate} из 10|Painful periods, {rate} of 10",
            "Тянет внизу живота перед циклом|Dull pain before the cycle",
        ),
        (
            "Болезненность слабая, без защиты|Slight tenderness, no guarding",
            "УЗИ: свободной жидкости нет, {small} мм"
            "|Ultrasound: no free fluid, {small} mm",
        ),
        "Дисменорея|Dysmenorrhoea",
        (
            "Тепло, движение|Warmth, movement",
            "Календарь боли на {few} цикла|A calendar of pain for {few} cycles",
        ),
        (14, 48),
        "female",
    ),
)
KIDNEYS = (
    Case(
        "N30.9",
        (
            "Частое мочеиспускание, рези|Frequent, burning urination",
            "Дискомфорт после переохлаждения|Discomfort after a chill",
        ),
        (
            "Живот мягкий, над лоном чувствителен|Soft abdomen, tender above the pubis",
            "УЗИ: остаток {small} мл|Ultrasound: residue {small} ml",
        ),
        "Цистит|Cystitis",
        (
            "Пить до {many} стаканов воды|Drink {many} glasses of water",
            "Общий анализ и посев мочи|Urine test and culture",
        ),
    ),
    Case(
        "N20.0",
        (
            "Ноет поясница справа|Dull ache in the right flank",
            "Была колика, камень {points} мм на УЗИ"
            "|Had a colic, a stone of {points} mm on ultrasound",
        ),
        (
            "Симптом поколачивания слабый|Slight flank tenderness",
            "УЗИ: конкремент {points} мм, отток сохранён"
            "|Ultrasound: stone of {points} mm, no obstruction",
        ),
        "Камень почки|Kidney stone",
        (
            "Воды не меньше двух литров|At least two litres of water",
            "УЗИ через {weeks} нед.|Ultrasound in {weeks} weeks",
        ),
        (20, 120),
    ),
    Case(
        "N40",
        (
            "Встаёт ночью {few} раза|Gets up {few} times at night",
            "Слабая струя, особенно утром|A weak stream, mornings above all",
        ),
        (
            "Простата ровная, {bmi} см³|Smooth prostate, {bmi} cm³",
            "Остаточной мочи {small} мл|Residual urine {small} ml",
        ),
        "Гиперплазия предстательной железы|Prostatic hyperplasia",
        (
            "Меньше жидкости на ночь|Less to drink at night",
            "ПСА, контроль через {weeks} мес.|PSA, check in {weeks} months",
        ),
        (45, 120),
        "male",
    ),
)
HORMONES = (
    Case(
        "E04.1",
        (
            "Узел щитовидной железы на УЗИ|A thyroid nodule on ultrasound",
            "Ком в горле при глотании|A lump in the throat when swallowing",
        ),
        (
            "Узел {points} мм, контуры ровные|Nodule of {points} mm, even outline",
            "Железа не увеличена, пульс {pulse}|Gland not enlarged, pulse {pulse}",
        ),
        "Узловой зоб, эутиреоз|Nodular goitre, euthyroid",
        (
            "ТТГ, УЗИ через {weeks} мес.|TSH, ultrasound in {weeks} months",
            "Йодированная соль|Iodised salt",
        ),
    ),
    Case(
        "E66.0",
        (
            "Набрал{a} {points} кг за год|Gained {points} kg in a year",
            "Вес стоит, несмотря на диету|Weight stands still in spite of a diet",
        ),
        (
            "ИМТ {bmi}, талия {size} см|BMI {bmi}, waist {size} cm",
            "АД {high}/{low}, ИМТ {bmi}|BP {high}/{low}, BMI {bmi}",
        ),
        "Избыточный вес|Overweight",
        (
            "Минус {minutes}0 ккал в день от привычного"
            "|{minutes}0 kcal a day less than usual",
            "Ходьба {minutes} минут в день|Walk {minutes} minutes a day",
        ),
    ),
)
STOMACH = (
    Case(
        "K21.9",
        (
            "Изжога, {many} раз в неделю|Heartburn, {many} times a week",
            "Кислое во рту, если лечь после еды|Sour taste when lying down after meals",
        ),
        (
            "Живот мягкий, чувствителен в эпигастрии|Soft, tender above the navel",
            "Печень не увеличена, ИМТ {bmi}|Liver not enlarged, BMI {bmi}",
        ),
        "Гастроэзофагеальный рефлюкс|Gastro-oesophageal reflux",
        (
            "Ужин за {few} часа до сна|Supper {few} hours before bed",
            "Изголовье выше на {small} см|Head of the bed up {small} cm",
        ),
    ),
    Case(
        "K58.9",
        (
            "Вздутие и боли в животе|Bloating and stomach ache",
            "Урчит после молочного|Rumbling after milk",
        ),
        (
            "Живот вздут, безболезнен|Bloated, no pain",
            "Перистальтика живая, ИМТ {bmi}|Lively bowel sounds, BMI {bmi}",
        ),
        "Синдром раздражённого кишечника|Irritable bowel",
        (
            "Дневник еды на {weeks} нед.|Food diary for {weeks} weeks",
            "Есть пять раз в день понемногу|Five small meals a day",
        ),
    ),
)
JOINTS = (
    Case(
        "M17.1",
        (
            "Боль в колене на лестнице|Knee pain on stairs",
            "Колено скованно {minutes} минут утром"
            "|Knee stiff for {minutes} minutes in the morning",
        ),
        (
            "Сгибание до {angle}°, хруст|Flexion to {angle}°, crackling",
            "Отёка нет, ось сохранена, {angle}°|No swelling, axis kept, {angle}°",
        ),
        "Гонартроз первой степени|Knee osteoarthritis, grade 1",
        (
            "Лечебная физкультура {minutes} минут|Exercise, {minutes} minutes",
            "Снимок в двух проекциях|X-ray in two views",
        ),
        (40, 120),
    ),
    Case(
        "S93.4",
        (
            "Подвернул{a} ногу|Twisted an ankle",
            "Болит голеностоп после пробежки|Ankle pain after a run",
        ),
        (
            "Отёк умеренный, опора сохранена|Moderate swelling, weight borne",
            "Переднее смещение {points} мм|Anterior drawer {points} mm",
        ),
        "Растяжение связок стопы|Ankle sprain",
        (
            "Холод и покой {many} дней|Cold and rest for {many} days",
            "Ортез на {weeks} нед.|A brace for {weeks} weeks",
        ),
    ),
    Case(
        "M75.1",
        (
            "Боль в плече при подъёме руки|Shoulder pain when lifting the arm",
            "Не может лечь на плечо, {rate} из 10"
            "|Cannot lie on the shoulder, {rate} of 10",
        ),
        (
            "Отведение до {angle}°, болезненно|Abduction to {angle}°, painful",
            "Проба Нира положительная|Neer test positive",
        ),
        "Синдром вращательной манжеты|Rotator cuff syndrome",
        (
            "Упражнения с лентой|Exercises with a band",
            "УЗИ плеча|Shoulder ultrasound",
        ),
        (25, 120),
    ),
)
TEETH = (
    Case(
        "K02.1",
        (
            "Реакция на холодное слева|Sensitive to cold on the left",
            "Скол зуба {tooth}|Tooth {tooth} chipped",
        ),
        (
            "Полость на зубе {tooth}|Cavity in tooth {tooth}",
            "Зуб {tooth}: кариес дентина, термопроба {points} с"
            "|Tooth {tooth}: dentine caries, cold test {points} s",
        ),
        "Кариес дентина|Dentine caries",
        (
            "Пломба сегодня, снимок зуба {tooth}|Filled today, X-ray of tooth {tooth}",
            "Не есть {few} часа|Do not eat for {few} hours",
        ),
    ),
    Case(
        "K05.1",
        (
            "Кровоточат дёсны|Bleeding gums",
            "Осмотр раз в полгода|Half-yearly check",
        ),
        (
            "Налёт, индекс {rate} из 10|Plaque, index {rate} of 10",
            "Дёсны отёчны у зуба {tooth}|Gums swollen at tooth {tooth}",
        ),
        "Хронический гингивит|Chronic gingivitis",
        (
            "Щётка средней жёсткости, нить|Medium brush, floss",
            "Гигиена через {weeks} мес.|Hygiene in {weeks} months",
        ),
    ),
)
SCAN = (
    Case(
        "Z01.8",
        (
            "Направлен{a} на УЗИ, жалоб нет|Sent for an ultrasound, no complaints",
            "Контроль через {weeks} мес.|A check after {weeks} months",
        ),
        (
            "Печень {size} мм, контуры ровные|Liver {size} mm, even outline",
            "Почки {size} мм, оттока нарушений нет|Kidneys {size} mm, no obstruction",
        ),
        "Структурных изменений не выявлено|No structural changes",
        (
            "Показать лечащему врачу|To be shown to the own doctor",
            "УЗИ через год|Ultrasound in a year",
        ),
        is_well=True,
    ),
    Case(
        "K80.2",
        (
            "Тяжесть справа после жирного|Heaviness on the right after fat meals",
            "Горечь во рту по утрам|A bitter taste in the morning",
        ),
        (
            "В жёлчном пузыре конкремент {points} мм|A gallstone of {points} mm",
            "Стенка пузыря {few} мм, взвесь|Gallbladder wall {few} mm, sludge",
        ),
        "Желчнокаменная болезнь|Gallstones",
        (
            "К хирургу со снимками|To the surgeon with the pictures",
            "Меньше жирного, УЗИ через {weeks} мес."
            "|Less fat, ultrasound in {weeks} months",
        ),
        (20, 120),
    ),
)
# Cases by the code of the specialty; whatever is not here is general.
CASES = {
    "therapy": GENERAL,
    "laboratory": GENERAL,
    "cardiology": HEART,
    "neurology": NERVES,
    "psychotherapy": MOOD,
    "pediatrics": CHILD,
    "speech": SPEECH,
    "psychology": GROWING,
    "dermatology": SKIN,
    "allergology": ALLERGY,
    "otolaryngology": EARS,
    "ophthalmology": EYES,
    "gynecology": WOMEN,
    "urology": KIDNEYS,
    "endocrinology": HORMONES,
    "gastroenterology": STOMACH,
    "orthopedics": JOINTS,
    "surgery": JOINTS,
    "rheumatology": JOINTS,
    "rehabilitation": JOINTS,
    "dentistry": TEETH,
    "ultrasound": SCAN,
}


def find_cases(specialty: str, age: int, sex: str) -> list[Case]:
    """Cases of ``specialty`` that a patient of this age and sex may have; the first
    general one if there is none."""
    fitting = [
        case
        for case in CASES.get(specialty, GENERAL)
        if case.ages[0] <= age <= case.ages[1] and case.sex in ("", sex)
    ]
    return fitting or [GENERAL[0]]
