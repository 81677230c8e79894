"""Who works in the network beside those who receive patients; the password is the
login."""

from odoo.fields import Command

# login: (name, group, companies, role, what to try)
STAFF = {
    "registrar": (
        "Кузнецова Ольга Викторовна|Olivia Carter",
        "group_registrar",
        (0,),
        "Регистратор|Registrar",
        "Запишите того, кто звонит: «Новая запись», специалист, лучшее время"
        "|Book whoever calls: New visit, a specialist, the best time",
    ),
    "senior": (
        "Ларина Наталья Павловна|Natalie Parker",
        "group_registrar_chief",
        (0,),
        "Старший регистратор|Senior registrar",
        "Отпуск задел приёмы: перенесите их одним списком"
        "|A leave has hit visits: move them from one list",
    ),
    "callcenter": (
        "Зимина Полина Олеговна|Paula Simmons",
        "group_call_center",
        (0, 1),
        "Оператор колл-центра|Call centre",
        "Найдите пациента по телефону и предложите время в любом городе"
        "|Find a patient by telephone and offer a time in any city",
    ),
    "cashier": (
        "Фомина Ирина Сергеевна|Irene Foster",
        "group_cashier",
        (0,),
        "Кассир|Cashier",
        "Смена открыта: примите оплату визита наличными и картой"
        "|The shift is open: take money for a visit, in cash and by card",
    ),
    "accountant": (
        "Белова Татьяна Игоревна|Tina Bell",
        "group_accountant",
        (0, 1),
        "Бухгалтер|Accountant",
        "Разберите выписку банка: что не нашло свой счёт"
        "|Go through the bank statement: what has not found its invoice",
    ),
    "finance": (
        "Громова Светлана Юрьевна|Selena Grant",
        "group_finance_manager",
        (0, 1),
        "Финансовый менеджер|Finance manager",
        "Правила, которые решают за регистратуру, и кто должен клинике"
        "|Rules that decide for the desk, and who owes the clinic",
    ),
    "manager": (
        "Осипов Сергей Михайлович|Simon Osborne",
        "group_clinic_manager",
        (0,),
        "Управляющий филиалом|Branch manager",
        "Смены на неделю вперёд: закройте кабинет на день и посмотрите, кого задело"
        "|Shifts of the coming week: close a room for a day, see whom it hits",
    ),
    "owner": (
        "Зарецкий Виктор Андреевич|Victor Dawson",
        "group_owner",
        (0, 1),
        "Собственник|Owner",
        "Обе компании рядом: деньги, долги, загрузка"
        "|Both companies side by side: money, debts, occupancy",
    ),
}
ADMIN = (
    "Администратор|Administrator",
    "Настройки сети; медицинских данных не видно и ему"
    "|Settings of the network; no medical data here either",
)


def hire(world):
    """Users of the roles, and the administrator's rights."""
    companies = world.env["res.company"].search([], order="id")
    world.env["res.users"].create(
        [
            prepare_user(world, login, name, group, [companies[one] for one in own])
            for login, (name, group, own, _role, _hint) in STAFF.items()
        ]
    )
    for login, (_name, _group, _own, role, hint) in STAFF.items():
        world.introduce(login, role, hint)
    admin = world.env.ref("base.user_admin")
    group = world.env.ref("clinic_base.group_clinic_admin")
    admin.write(
        {
            "lang": world.lang,
            "tz": "Europe/Moscow",
            "group_ids": [Command.link(group.id)],
            "company_ids": [Command.set(companies.ids)],
        }
    )
    world.introduce("admin", *ADMIN)


def prepare_user(world, login, name, group, companies):
    """Values of a user of clinic_base's ``group``, at home in the first company."""
    return {
        "name": world.say(name),
        "login": login,
        "password": login,
        "lang": world.lang,
        "tz": "Europe/Moscow",
        "company_id": companies[0].id,
        "company_ids": [Command.set([company.id for company in companies])],
        "group_ids": [Command.set([world.env.ref(f"clinic_base.{group}").id])],
    }
