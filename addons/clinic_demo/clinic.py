"""The demonstration clinic: one branch, two rooms, three specialists."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tools import file_open

from odoo.addons.clinic_base.tools.walltime import to_utc
from odoo.addons.clinic_schedule.exceptions import SeriesClashError

from . import content

TZ = "Europe/Moscow"


class DemoClinic:
    """Builds the clinic with the same methods that its users have."""

    def __init__(self, env):
        self.env = env(
            context={**env.context, "lang": "ru_RU", "tracking_disable": True}
        )

    def build(self):
        self.set_up_company()
        self.create_network()
        self.create_services()
        self.create_users()
        self.create_specialists()
        self.create_questionnaire()
        self.create_patients()
        self.plan_groups()
        self.book_visits()
        self.open_payment()
        self.sell_packages()
        self.book_standing_hours()
        self.create_requests()
        self.create_cash_desks()

    # === COMPANY === #

    def set_up_company(self):
        # Where ./clinic demo serves; the building of a template has a port of its own.
        self.env["ir.config_parameter"].set_param(
            "web.base.url", "http://127.0.0.1:8069"
        )
        russia = self.env.ref("base.ru")
        ruble = self.env.ref("base.RUB")
        ruble.active = True
        self.company = self.env.company
        self.company.write(
            {
                "name": "Клиника «Заря»",
                "country_id": russia.id,
                "currency_id": ruble.id,
                "street": "ул. Садовая, 12",
                "city": "Москва",
                "zip": "123001",
                "phone": "+7 495 123-45-67",
                "email": "info@zarya.example",
                "font": "Roboto",
                "primary_color": "#0d9488",
                "secondary_color": "#134e4a",
                "external_report_layout_id": self.env.ref(
                    "web.external_layout_standard"
                ).id,
            }
        )
        self.company.partner_id.lang = "ru_RU"
        # Not try_loading(), which complains that modules are still being loaded.
        self.env["account.chart.template"]._load(
            "ru_clinic", self.company, install_demo=False
        )
        # Else Odoo asks its enrichment service about the clinic at the first login.
        self.company.iap_enrich_auto_done = True
        # Licensed medical services carry no VAT.
        self.company.account_sale_tax_id = False
        self.env["res.users"].browse(self.env.uid).tz = TZ
        self.set_up_site()
        year = fields.Date.context_today(self.env.user).year
        self.env["calendar.public.holiday"]._load_years(russia, [year, year + 1])

    def set_up_site(self):
        with file_open("clinic_demo/static/img/logo.png", "rb") as stream:
            logo = base64.b64encode(stream.read())
        self.company.logo = logo
        websites = self.env["website"].search([])
        websites.write(
            {
                "name": self.company.name,
                "homepage_url": "/clinic",
                "logo": logo,
                "default_lang_id": self.env["res.lang"]._get_data(code="ru_RU").id,
            }
        )
        contact = self.env.ref("website.menu_contactus", raise_if_not_found=False)
        if contact:
            self.env["website.menu"].search([("url", "=", contact.url)]).unlink()

    # === NETWORK === #

    def create_network(self):
        address = self.env["res.partner"].create(
            {
                "name": "Клиника «Заря» на Садовой",
                "type": "other",
                "street": "ул. Садовая, 12",
                "city": "Москва",
                "country_id": self.env.ref("base.ru").id,
                "lang": "ru_RU",
            }
        )
        self.branch = self.env["clinic.branch"].create(
            {
                "name": "На Садовой",
                "tz": TZ,
                "partner_id": address.id,
                "phone": "+7 495 123-45-67",
                "company_id": self.company.id,
            }
        )
        department = self.env["clinic.department"].create(
            {"name": "Консультативное отделение", "branch_id": self.branch.id}
        )
        self.rooms = self.env["clinic.room"].create(
            [
                {"name": name, "department_id": department.id, "floor": "2"}
                for name in content.ROOMS
            ]
        )

        # A desk sees rooms in every state.
        self.rooms[-1:].action_set_cleaning()

    def create_services(self):
        specialties = self._by_code("clinic.specialty")
        self.services = {}
        for key, vals in content.SERVICES.items():
            vals = dict(vals)
            english = vals.pop("english")
            specialty = specialties[vals.pop("specialty")]
            service = self.env["product.product"].create(
                {
                    "type": "service",
                    "is_clinic_service": True,
                    "clinic_specialty_id": specialty.id,
                    "neutral_label": "Приём специалиста",
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                    **vals,
                }
            )
            template = service.product_tmpl_id.with_context(lang="en_US")
            template.write({"name": english, "neutral_label": "Specialist's visit"})
            self.services[key] = service

    # === PEOPLE === #

    def create_users(self):
        admin = self.env.ref("base.user_admin")
        admin.write(
            {
                "lang": "ru_RU",
                "tz": TZ,
                "group_ids": [
                    Command.link(self.env.ref("clinic_base.group_clinic_admin").id)
                ],
            }
        )
        self.users = {"admin": admin}
        for login, (name, group) in content.USERS.items():
            self.users[login] = self._create_user(login, name, f"clinic_base.{group}")

    def _create_user(self, login, name, group, **vals):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "lang": "ru_RU",
                    "tz": TZ,
                    "group_ids": [Command.set([self.env.ref(group).id])],
                    **vals,
                }
            )
        )

    def create_specialists(self):
        specialties = self._by_code("clinic.specialty")
        self.categories = {
            code: self.env["clinic.problem.category"].create(
                {"code": code, "name": name}
            )
            for code, name in content.PROBLEMS.items()
        }
        self.specialists = {}
        for key, vals in content.SPECIALISTS.items():
            vals = dict(vals)
            week, services = vals.pop("week"), vals.pop("services")
            user = self.users.get(vals.pop("login", None))
            specialist = self.env["clinic.specialist"].create(
                {
                    **vals,
                    "user_id": user and user.id,
                    "specialty_ids": [
                        Command.set(
                            [specialties[code].id for code in vals["specialty_ids"]]
                        )
                    ],
                    "problem_category_ids": [
                        Command.set(
                            [
                                self.categories[c].id
                                for c in vals["problem_category_ids"]
                            ]
                        )
                    ],
                    "service_line_ids": [
                        Command.create(
                            {
                                "product_id": self.services[service].id,
                                "duration_first": first,
                                "duration_repeat": repeat,
                            }
                        )
                        for service, first, repeat in services
                    ],
                }
            )
            self.specialists[key] = specialist
            self._create_employee(specialist)
            self._create_papers(specialist)
            self._create_shifts(specialist, week)

    def _create_employee(self, specialist):
        self.env["hr.employee"].create(
            {
                "name": specialist.name,
                "clinic_specialist_id": specialist.id,
                "user_id": specialist.user_id.id,
                "company_id": self.company.id,
            }
        )

    def _create_papers(self, specialist):
        today = fields.Date.context_today(self.env.user)
        self.env["clinic.specialist.certificate"].create(
            {
                "specialist_id": specialist.id,
                "name": specialist.specialty_ids[:1].name,
                "valid_until": today
                + timedelta(days=300 * len(self.specialists) - 260),
            }
        )
        self.env["hr.resume.line"].create(
            {
                "employee_id": specialist.employee_ids.id,
                "name": content.COURSE,
                "date_start": today - timedelta(days=400),
                "date_end": today - timedelta(days=380),
                "line_type_id": self.env.ref("hr_skills.resume_type_training").id,
            }
        )

    def _create_shifts(self, specialist, week):
        opened = fields.Date.context_today(self.env.user) - content.OPENED
        patterns = self.env["clinic.shift.pattern"].create(
            [
                {
                    "specialist_id": specialist.id,
                    "branch_id": self.branch.id,
                    "room_id": self.rooms[room].id,
                    "weekday": str(weekday),
                    "minute_from": hour_from * 60,
                    "minute_to": hour_to * 60,
                    "date_from": opened,
                }
                for weekday, room, hour_from, hour_to in week
            ]
        )
        patterns._generate()

    def create_questionnaire(self):
        questionnaire = self.env["clinic.screening.questionnaire"].create(
            {"name": "К кому записаться?", "is_published": True}
        )
        for sequence, (text, options) in enumerate(content.QUESTIONS):
            self.env["clinic.screening.question"].create(
                {
                    "questionnaire_id": questionnaire.id,
                    "sequence": sequence,
                    "name": text,
                    "option_ids": [
                        Command.create(
                            {
                                "sequence": position,
                                "name": label,
                                "problem_category_id": code
                                and self.categories[code].id,
                                "weight": weight,
                                "urgent": urgent,
                            }
                        )
                        for position, (label, code, weight, urgent) in enumerate(
                            options
                        )
                    ],
                }
            )

    def create_patients(self):
        today = fields.Date.context_today(self.env.user)
        self.patients = self.env["clinic.patient"].create(
            [
                {
                    "name": name,
                    "birthdate": today - timedelta(days=int(age * 365.25)),
                    "sex": sex,
                    "lang": "ru_RU",
                    "phone": phone,
                    "email": email,
                    "phone_ids": [
                        Command.create({"number_e164": phone, "primary": True})
                    ],
                    "consent_ids": [
                        Command.create({"kind": "personal_data", "version": "2026-01"})
                    ],
                }
                for name, age, sex, phone, email in content.PATIENTS
            ]
        )
        first = self.patients[0]
        self._create_user(
            "patient",
            first.name,
            "base.group_portal",
            partner_id=first.partner_id.id,
        )
        self._create_family()

    def _create_family(self):
        mother, child = self.patients[0], self.patients[-1]
        self.env["clinic.patient.relation"].create(
            [
                {
                    "patient_id": child.id,
                    "related_id": mother.id,
                    "kind": "mother",
                    "may_see": True,
                    "may_book": True,
                    "pays": True,
                    # He is of age and has agreed.
                    "consent_on": self.env.company._get_clinic_today(),
                },
                {"patient_id": mother.id, "related_id": child.id, "kind": "child"},
            ]
        )
        child.payer_id = mother.partner_id

    # === VISITS === #

    def book_visits(self):
        """Book every patient twice in the next days, where the engine finds time."""
        visits = self.env["clinic.appointment"]
        hour = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        booked = visits.browse()
        for round_, day in ((0, 0), (1, 3)):
            for index, patient in enumerate(self.patients):
                key = list(content.SPECIALISTS)[
                    (index + round_) % len(self.specialists)
                ]
                specialist = self.specialists[key]
                service = specialist.service_line_ids[:1].product_id
                slots = visits.find_slots(
                    {
                        "service_id": service.id,
                        "specialist_ids": [specialist.id],
                        "patient_id": patient.id,
                        "date_from": fields.Datetime.to_string(
                            hour + timedelta(days=day, hours=2)
                        ),
                        "limit": 1,
                    }
                )
                if slots:
                    booked |= visits.browse(
                        visits.book(
                            {
                                "service_id": service.id,
                                "patient_id": patient.id,
                                "specialist_id": specialist.id,
                                "start": slots[0]["start"],
                                "room_id": slots[0]["room_id"],
                            }
                        )
                    )
        booked[::2].action_confirm()
        booked[:1].action_arrive()

    def plan_groups(self):
        """The group meets every Saturday, but not on holidays."""
        specialist, service = self.specialists["orlova"], self.services["heart_school"]
        today = fields.Date.context_today(self.env.user)
        saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
        vals = {
            "specialist_id": specialist.id,
            "service_id": service.id,
            "branch_id": self.branch.id,
            "start": to_utc(saturday, 12 * 60, TZ),
            "repeat_until": saturday + timedelta(weeks=5),
            "capacity": 6,
        }
        sessions = self.env["clinic.session"]
        try:
            with self.env.cr.savepoint():
                sessions.create(vals)
        except SeriesClashError as error:
            days = [clash["date"] for clash in error.context["clashes"]]
            sessions.create({**vals, "repeat_exceptions": {"skip": days}})
        first = sessions.search([], limit=1)
        for patient in self.patients[3:7]:
            self.env["clinic.appointment"].book(
                {"session_id": first.id, "patient_id": patient.id}
            )

    def sell_packages(self):
        """Who comes every week, and somebody else, has paid for ten visits at once."""
        product = self.env["product.product"].create(
            {
                "name": "10 консультаций психотерапевта",
                "type": "service",
                "neutral_label": "Курс посещений",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                "list_price": 40500,
                "package_service_id": self.services["psychotherapist"].id,
                "package_visits": 10,
            }
        )
        template = product.product_tmpl_id.with_context(lang="en_US")
        template.write({"name": "10 psychotherapy visits", "neutral_label": "Visits"})
        for patient in self.patients[4:7]:
            package = self.env["clinic.package"].create(
                {
                    "patient_id": patient.id,
                    "product_id": product.id,
                    "branch_id": self.branch.id,
                }
            )
            charge = package.charge_id
            self.env["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": charge.payer_id.id,
                    "clinic_patient_id": patient.id,
                    "clinic_charge_ids": [Command.set(charge.ids)],
                    "amount": charge.amount,
                }
            ).action_post()

    def book_standing_hours(self):
        """Two patients come every week, at the hours that the engine likes best."""
        visits, specialist = (
            self.env["clinic.appointment"],
            self.specialists["voronina"],
        )
        service = self.services["psychotherapist"]
        tomorrow = fields.Date.context_today(self.env.user) + timedelta(days=1)
        for patient in self.patients[5:7]:
            wish = {
                "service_id": service.id,
                "specialist_ids": [specialist.id],
                "patient_id": patient.id,
                "date_from": fields.Datetime.to_string(to_utc(tomorrow, 0, TZ)),
                "limit": 1,
            }
            for hour in visits.find_series_slots(wish):
                self.env["clinic.appointment.series"].book_series(
                    {
                        "patient_id": patient.id,
                        "specialist_id": specialist.id,
                        "service_id": service.id,
                        "branch_id": hour["branch_id"],
                        "weekday": hour["weekday"],
                        "minute_of_day": hour["minute_of_day"],
                        "date_from": fields.Date.to_string(tomorrow),
                        "skip": hour["clashes"],
                    }
                )

    def create_requests(self):
        """Somebody waits to be booked, so that the board has cards to drag."""
        today = fields.Date.today()
        self.env["clinic.booking.request"].create(
            [
                {
                    "patient_id": patient.id,
                    "service_id": specialist.service_line_ids[:1].product_id.id,
                    "specialist_ids": [Command.link(specialist.id)],
                    "due_to": today + timedelta(days=days),
                    "priority": priority,
                }
                for patient, specialist, days, priority in zip(
                    self.patients,
                    self.specialists.values(),
                    (2, 7, 14),
                    ("2", "0", "0"),
                    strict=False,
                )
            ]
        )

    def open_payment(self):
        """Odoo's demonstration provider takes the payments."""
        provider = self.env.ref("payment.payment_provider_demo")
        provider.write({"state": "test", "is_published": True})
        bank = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        bank.set_bank_account(content.BANK_ACCOUNT)
        if not provider.journal_id:
            provider.journal_id = bank

    def create_cash_desks(self):
        """A till and a card terminal at the branch."""
        self.env["clinic.cash.desk"].create(
            {"name": "Касса 1", "branch_id": self.branch.id}
        )

    def _by_code(self, model):
        return {record.code: record for record in self.env[model].search([])}
