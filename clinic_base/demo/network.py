"""Two branches in Moscow, one in Vladivostok: somebody receives at any hour."""

# name, company, zone, street, phone, department and its rooms by floor
BRANCHES = (
    (
        "На Садовой|Sadovaya",
        0,
        "Europe/Moscow",
        "ул. Садовая, 12|Sadovaya St. 12",
        "+7 495 123-45-67",
        (
            ("Консультативное отделение|Consultations", 2, range(201, 209)),
            ("Диагностика|Diagnostics", 1, range(101, 105)),
        ),
    ),
    (
        "Детская на Речном|River Children's",
        0,
        "Europe/Moscow",
        "Речной пр., 5|River Drive 5",
        "+7 495 765-43-21",
        (("Детское отделение|Children", 1, range(11, 19)),),
    ),
    (
        "Владивосток|Vladivostok",
        1,
        "Asia/Vladivostok",
        "ул. Светланская, 33|Svetlanskaya St. 33",
        "+7 423 200-10-20",
        (
            ("Поликлиника|Outpatients", 3, range(301, 308)),
            ("Хирургия|Surgery", 1, range(31, 34)),
        ),
    ),
)


def open_branches(world):
    """Branches with departments and rooms; the order is that of the companies."""
    env = world.env
    companies = env["res.company"].search([], order="id")
    for number, (name, company, tz, street, phone, departments) in enumerate(BRANCHES):
        address = env["res.partner"].create(
            {
                "name": world.say(f"«Заря», {name.replace('|', '|Dawn, ')}"),
                "type": "other",
                "street": world.say(street),
                "city": companies[company].city,
                "country_id": companies[company].country_id.id,
                "lang": world.lang,
            }
        )
        branch = world.create(
            "clinic.branch",
            [
                {
                    "name": name,
                    "sequence": number + 1,
                    "tz": tz,
                    "partner_id": address.id,
                    "phone": phone,
                    "email": companies[company].email,
                    "company_id": companies[company].id,
                    "color": number + 1,
                }
            ],
        )
        for title, floor, rooms in departments:
            department = world.create(
                "clinic.department", [{"name": title, "branch_id": branch.id}]
            )
            world.create(
                "clinic.room",
                [
                    {
                        "name": f"Кабинет {room}|Room {room}",
                        "department_id": department.id,
                        "floor": str(floor),
                        "sequence": room,
                    }
                    for room in rooms
                ],
            )
    # The desk of the first branch sees rooms in every state: two that nobody works in.
    first = env["clinic.branch"].search([], limit=1)
    rooms = first.room_ids.sorted("id", reverse=True)
    rooms[0].action_set_cleaning()
    rooms[1].action_set_closed()
