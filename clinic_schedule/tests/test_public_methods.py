"""Access comes before everything else, whatever the arguments."""

import inspect
from itertools import cycle, islice

from odoo.exceptions import AccessError
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import ScheduleCommon

MODULES = ("odoo.addons.clinic_schedule.", "odoo.addons.clinic_portal.")
HOSTILE = (
    None,
    False,
    "",
    "x",
    "'; SELECT 1 --",
    "\0",
    -1,
    0,
    2**70,
    1.5,
    [],
    [None],
    ["x"],
    [2**70],
    {},
    {"x": "x"},
    {"patient_id": "x", "start": 5, "services": 5, "legs": 5},
    {1: 2},
    "9999-99-99",
)


def find_methods(env, modules=MODULES):
    """(model, method, function) of all that ``modules`` offer to clients."""
    for name in sorted(env.registry):
        model = env[name]
        for method, value in inspect.getmembers(type(model), inspect.isfunction):
            homes = [cls for cls in type(model).mro() if method in vars(cls)]
            # The last of them has invented it: what is Odoo's own, Odoo checks.
            ours = homes[-1].__module__.startswith(modules)
            if ours and not hasattr(BaseModel, method) and is_public(model, method):
                yield name, method, value


def is_public(model, method):
    try:
        get_public_method(model, method)
    except (AccessError, AttributeError):
        return False
    return True


def make_arguments(function):
    """Hostile values for each parameter, a different one in each round."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    named = [one for one in parameters if one.kind is not one.VAR_KEYWORD]
    for shift in range(len(HOSTILE)):
        yield list(islice(cycle(HOSTILE), shift, shift + len(named)))


@tagged("post_install", "-at_install")
class TestPublicMethods(ScheduleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_shift()
        cls.strangers = [
            new_test_user(cls.env, f"stranger_{group}", groups=f"base.{group}")
            for group in ("group_user", "group_portal")
        ]
        cls.visit = cls.visits.browse(
            cls.visits.book(cls.prepare(cls, "09:00", patient=cls.patient))
        )

    def get_records(self, model):
        """None, one that is not there, and one that is."""
        present = model.with_context(active_test=False).search([], limit=1)
        return model.browse(), model.browse(2**31 - 1), present

    def test_methods_are_found(self):
        found = {(model, method) for model, method, _value in find_methods(self.env)}
        for one in ("book", "swap", "find_slots", "get_board"):
            self.assertIn(("clinic.appointment", one), found)
        self.assertIn(("clinic.appointment.series", "book_series"), found)

    @mute_logger("odoo.sql_db")
    def test_who_has_no_role_learns_nothing_but_that(self):
        faults = []
        for name, method, function in find_methods(self.env):
            for stranger in self.strangers:
                for records in self.get_records(self.env[name]):
                    faults += self.call_all(
                        records.with_user(stranger), method, function
                    )
        self.assertFalse(faults, "\n".join(sorted(set(faults))))

    def call_all(self, records, method, function):
        for arguments in make_arguments(function):
            try:
                with self.env.cr.savepoint():
                    getattr(records, method)(*arguments)
            except AccessError:
                continue
            except Exception as error:
                yield f"{records._name}.{method}: {type(error).__name__}"
            else:
                yield f"{records._name}.{method}: no error"
