"""A television in the hall of each branch; the list of screens has its address."""


def hang_screens(world):
    """Dark ones, and a light one where children wait."""
    branches = world.env["clinic.branch"].search([])
    world.env["clinic.hall.screen"].create(
        [
            {
                "branch_id": branch.id,
                "lang": world.lang,
                "theme": "light" if number == 1 else "dark",
            }
            for number, branch in enumerate(branches)
        ]
    )
