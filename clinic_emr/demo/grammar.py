"""How a protocol is put together of a case: by the number of its visit, so that no two
texts of the demonstration are alike.

Every text is "Russian|English"; {a}, {en} and {sya} are endings that agree with the
patient's sex in Russian, other words in braces are figures.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, TypeVar

from .cases import Case

Choice = TypeVar("Choice")

ADULT, RETIRED = 18, 65
# A prime: numbers below it are mixed, and none meets another. There are more ways to
# choose the parts of each text than that.
PRIME, FACTOR, SALT = 100_003, 61_953, 7_919
LIFE = {
    "child": (
        "Школу и сад не пропускает.|Misses no school.",
        "Пропущено {many} занятий.|Missed {many} lessons.",
        "Спит {sleep} часов, просыпается.|Sleeps {sleep} hours, wakes up.",
        "Играет меньше обычного.|Plays less than usual.",
        "Аппетит прежний.|Appetite as before.",
        "Родители отмечают капризность.|The parents notice moodiness.",
    ),
    "adult": (
        "Работать не мешает.|Work is possible.",
        "Брал{a} {weeks} дн. отгула.|Took {weeks} days off work.",
        "Спит {sleep} часов.|Sleeps {sleep} hours.",
        "Ходит меньше обычного.|Walks less than usual.",
        "Спорт пока отложил{a}.|Sport put off for now.",
        "Близкие заметили.|The family has noticed.",
    ),
    "retired": (
        "По дому справляется.|Manages at home.",
        "Помогают дети, приезжают раз в {weeks} дн."
        "|The children help, every {weeks} days.",
        "Спит {sleep} часов.|Sleeps {sleep} hours.",
        "На дачу не поехал{a}.|Did not go to the country.",
        "Гуляет меньше обычного.|Walks less than usual.",
        "Аппетит прежний.|Appetite as before.",
    ),
}
STATE = (
    "Общее состояние удовлетворительное|General condition satisfactory",
    "Самочувствие хорошее|Feels well",
    "Сознание ясное, положение активное|Alert, moves freely",
    "Кожа обычной окраски|Skin of normal colour",
    "Держится спокойно|Calm",
)
MEASURED = (
    "Температура 36,{tenth}, сатурация {oxygen} %, ЧДД {breaths}, пульс {pulse}"
    "|Temperature 36.{tenth}, saturation {oxygen} %, breaths {breaths}, pulse {pulse}",
    "Пульс {pulse}, ЧДД {breaths}, сатурация {oxygen} %, температура 36,{tenth}"
    "|Pulse {pulse}, breaths {breaths}, saturation {oxygen} %, temperature 36.{tenth}",
)
HABITS = (
    "Вода до {glasses} стаканов, прогулка {minutes} минут, сон {sleep} часов"
    "|Water up to {glasses} glasses, a walk of {minutes} minutes,"
    " {sleep} hours of sleep",
    "Сон не меньше {sleep} часов, гулять {minutes} минут, пить {glasses} стаканов воды"
    "|At least {sleep} hours of sleep, {minutes} minutes outdoors,"
    " {glasses} glasses of water",
)
NEXT = (
    "Контроль через {since} дн.|Follow-up in {since} days.",
    "Повторный визит через {since} дн., раньше при ухудшении."
    "|Come again in {since} days, sooner if worse.",
    "Показаться через {since} дн. с записями.|Come in {since} days with the notes.",
    "При ухудшении звонить, иначе через {since} дн."
    "|Call if worse, else in {since} days.",
)


class Outline(NamedTuple):
    """What surrounds the texts of a case."""

    since: tuple[str, ...]
    when: tuple[str, ...]
    rating: tuple[str, ...]
    then: tuple[str, ...]
    course: tuple[str, ...]
    basis: tuple[str, ...]
    degree: tuple[str, ...]
    watch: tuple[str, ...]


ILL = Outline(
    since=(
        "Беспокоит {since} дн.|For {since} days",
        "Около {since} дн., постепенно|For about {since} days, gradually",
        "Впервые {since} дн. назад|First {since} days ago",
        "После простуды, {since} дн.|After a cold, {since} days",
        "После поездки, {since} дн.|After a journey, {since} days",
        "Возвращается каждые {since} дн.|Comes back every {since} days",
        "Реже, чем раньше, {since} дн.|Less often than before, {since} days",
    ),
    when=(
        "усиливается к вечеру|worse in the evening",
        "хуже по утрам|worse in the morning",
        "заметнее после нагрузки|more after exertion",
        "хуже на фоне усталости|worse when tired",
        "связи ни с чем не замечает|not linked to anything",
        "почти каждый день|almost every day",
        "временами проходит|goes away at times",
    ),
    rating=(
        "Оценивает на {rate} из 10|Rates it {rate} of 10",
        "Мешает {many} дней из десяти|A nuisance {many} days of ten",
        "Сегодня {rate} из 10|Today {rate} of 10",
        "В худшие дни {rate} из 10|On the worst days {rate} of 10",
    ),
    then=(
        "Лекарств не принимал{a}.|No medicines taken.",
        "Помогает обычное обезболивающее.|Common painkillers help.",
        "Раньше за помощью не обращал{sya}.|No help sought before.",
        "Прошлое лечение помогло на {ago} дн.|Earlier treatment helped for {ago} days.",
        "Аллергии не отмечает.|No known allergies.",
        "С собой анализы, им {ago} дн.|Brought tests that are {ago} days old.",
    ),
    course=(
        "выявлено впервые|newly found",
        "обострение|a flare-up",
        "стабильное течение|stable course",
        "положительная динамика|improving",
        "без динамики|unchanged",
        "лёгкое течение|mild course",
        "после лечения лучше|better after treatment",
    ),
    basis=(
        "По жалобам и осмотру|By complaints and examination",
        "По осмотру и прежним записям|By examination and earlier records",
        "С учётом принесённых анализов|With the tests that were brought",
        "Данных за осложнения нет|No sign of complications",
        "Тревожных признаков нет|No red flags",
        "План согласован с пациентом|The plan is agreed with the patient",
    ),
    degree=(
        "Выраженность {rate} из 10, прогноз благоприятный"
        "|Severity {rate} of 10, good prognosis",
        "Выраженность {rate} из 10, восстановление вероятно"
        "|Severity {rate} of 10, recovery is likely",
        "Выраженность {rate} из 10, нужна поддержка"
        "|Severity {rate} of 10, support needed",
        "Выраженность {rate} из 10, прежде было больше"
        "|Severity {rate} of 10, it was more before",
    ),
    watch=(
        "Наблюдение {since} дн.|Watch for {since} days",
        "Оценка эффекта через {since} дн.|Effect to be judged in {since} days",
        "Пересмотр плана через {since} дн.|Plan to be reviewed in {since} days",
    ),
)
WELL = Outline(
    since=(
        "Прошлый осмотр {ago} дн. назад|Last check {ago} days ago",
        "В клинике впервые, болел{a} {ago} дн. назад|New here, last ill {ago} days ago",
        "Наблюдается {ago} дн.|Followed for {ago} days",
    ),
    when=(
        "самочувствие хорошее|feels well",
        "лекарств не принимает|takes no medicines",
        "хронических болезней нет|no chronic diseases",
        "сон не нарушен|sleep undisturbed",
        "переносит нагрузку|bears exertion",
    ),
    rating=(
        "Здоровье оценивает на {fine} из 10|Rates the own health {fine} of 10",
        "Сил {fine} из 10|Strength {fine} of 10",
    ),
    then=(
        "Аллергии не отмечает.|No known allergies.",
        "В семье все здоровы.|The family is well.",
        "Прививки сделаны.|Vaccinations are up to date.",
        "Спит {sleep} часов.|Sleeps {sleep} hours.",
        "Двигается {minutes} минут в день.|Moves {minutes} minutes a day.",
        "Анализы в норме, им {ago} дн.|Tests of {ago} days ago are normal.",
    ),
    course=(
        "как и при прошлом осмотре|as at the last check",
        "второй осмотр подряд|second check in a row",
        "без замечаний|no remarks",
        "по всем системам|by all systems",
        "по результатам осмотра|by examination",
        "с учётом анализов|with the tests",
        "риски невысокие|low risks",
    ),
    basis=ILL.basis[:2]
    + (
        "Прежние записи просмотрены|Earlier records were read",
        "Группа здоровья прежняя|Health group as before",
        "Вопросов не осталось|No questions left",
        "Ограничений нет|No restrictions",
    ),
    degree=(
        "Самооценка {fine} из 10, лечения не требуется"
        "|Self-rated {fine} of 10, no treatment needed",
        "Самооценка {fine} из 10, нагрузка без ограничений"
        "|Self-rated {fine} of 10, exertion without limits",
        "Самооценка {fine} из 10, образ жизни прежний"
        "|Self-rated {fine} of 10, same way of life",
        "Самооценка {fine} из 10, хорошие резервы|Self-rated {fine} of 10, reserves",
    ),
    watch=(
        "Повторный осмотр не раньше {ago} дн.|Next check not before {ago} days",
        "Справка действует {ago} дн.|The certificate is valid for {ago} days",
        "Напомнить через {ago} дн.|To be reminded in {ago} days",
    ),
)
FIGURES = {
    "since": range(3, 31),
    "ago": range(30, 200),
    "rate": range(2, 10),
    "fine": range(6, 11),
    "many": range(5, 10),
    "sleep": range(5, 10),
    "tenth": range(2, 10),
    "oxygen": range(96, 100),
    "weeks": range(2, 9),
    "glasses": range(5, 9),
    "minutes": (10, 15, 20, 25, 30, 40, 45),
    "points": range(2, 9),
    "workdays": range(5, 8),
    "pulse": range(60, 93),
    "high": range(124, 166),
    "low": range(74, 97),
    "breaths": range(14, 25),
    "bmi": range(19, 33),
    "few": range(2, 5),
    "dioptre": range(1, 3),
    "words": (25, 30, 35, 40, 45, 50, 60),
    "angle": range(25, 111),
    "small": range(8, 29),
    "cycle": range(25, 31),
    "size": range(72, 119),
    "tooth": [ten + place for ten in (10, 20, 30, 40) for place in range(1, 8)],
}


class Person(NamedTuple):
    """Of whom the protocol speaks."""

    age: int
    sex: str  # "female" or "male"

    @property
    def endings(self) -> dict[str, str]:
        if self.sex == "male":
            return {"a": "", "en": "ен", "sya": "ся"}
        return {"a": "а", "en": "на", "sya": "ась"}

    @property
    def stage(self) -> str:
        if self.age < ADULT:
            return "child"
        return "retired" if self.age >= RETIRED else "adult"


class Writer:
    """Chooses by a number, digit by digit; what is left to choose then, by chance.

    :param number: of the visit, :param salt: of the text
    :param say: chooses the language of "Russian|English"
    """

    def __init__(
        self, number: int, salt: int, person: Person, say: Callable[[str], str]
    ) -> None:
        self._left = (number * FACTOR + salt * SALT) % PRIME
        self._chance = Random(f"{number}/{salt}")
        self._say = say
        self._words: dict[str, object] = dict(person.endings)

    def pick(self, texts: Sequence[str]) -> str:
        """One of ``texts``; a figure is the same wherever the text names it."""
        text = self._say(self._choose(texts))
        for name, values in FIGURES.items():
            if name not in self._words and f"{{{name}}}" in text:
                self._words[name] = self._choose(values)
        return text.format(**self._words)

    def _choose(self, options: Sequence[Choice]) -> Choice:
        if not self._left:
            return self._chance.choice(options)
        self._left, place = divmod(self._left, len(options))
        return options[place]


def compose(
    number: int, case: Case, person: Person, say: Callable[[str], str]
) -> dict[str, str]:
    """Texts of a protocol: complaint, examination, conclusion, recommendations.

    :param number: of the visit
    :param say: chooses the language of "Russian|English"
    """
    outline = WELL if case.is_well else ILL
    first, second, third, fourth = (
        Writer(number, salt, person, say).pick for salt in range(4)
    )
    since = f"{first(outline.since)}, {first(outline.when)}"
    found = f"{third((case.conclusion,))}, {third(outline.course)}"
    return {
        "complaint": join(
            first(case.complaints),
            since,
            first(outline.rating),
            first(LIFE[person.stage]),
            first(outline.then),
        ),
        "examination": join(second(STATE), second(MEASURED), second(case.findings)),
        "conclusion": join(
            found, third(outline.basis), third(outline.degree), third(outline.watch)
        ),
        "recommendations": join(fourth(case.advice), fourth(HABITS), fourth(NEXT)),
    }


def join(*sentences: str) -> str:
    return " ".join(f"{sentence.rstrip('.')}." for sentence in sentences)
