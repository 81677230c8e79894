"""Access comes before everything else, and whoever has it is answered in words."""

import inspect
from itertools import cycle, islice
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.service import model
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.rpc.controllers import json2

from ...tools import outgoing
from ...tools.impossible import is_impossible
from ...tools.public_methods import (
    RIGHTS,
    get_rights,
    is_clinics,
    is_open,
    is_ours,
)
from ..common import ROLES, ClinicCommon

HOSTILE = (
    None,
    False,
    "",
    "x",
    "'; SELECT 1 --",
    "\0",
    "[" * 100_000,
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
    "0001-01-01",
    "9999-12-31 23:59:59",
)
ODD = (
    [["x"]],
    [["no_such_field", "=", 1]],
    [["id", "=", "x"]],
    [["create_date", ">", "x"]],
    "id:sum",
    {"id": {}},
    {"name": {"x": 1}},
    [[6, 0, ["x"]]],
)
# Arguments that are missing, of wrong types, or of records that are not there.
KNOCKS = ([], ["\0", {1: 2}, "x"], [[2**70], "x"])


def find_methods(env):
    """(model, method) of all that the suite's modules offer to clients."""
    for name in sorted(env.registry):
        model = env[name]
        for method, value in inspect.getmembers(type(model), inspect.isfunction):
            if is_public(model, method) and is_ours(model, method):
                yield name, method, value


def find_all_methods(env):
    """(model, method) of all that can be called on the suite's models, Odoo's too."""
    for name in sorted(env.registry):
        model = env[name]
        if is_clinics(model):
            for method, _value in inspect.getmembers(type(model), inspect.isfunction):
                if is_public(model, method):
                    yield name, method


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
    for shift in range(len(HOSTILE) if named else 1):
        yield list(islice(cycle(HOSTILE), shift, shift + len(named)))


def get_records(model):
    """None, one that is not there, and one that is."""
    if model._abstract:
        return [model]
    present = model.sudo().with_context(active_test=False).search([], limit=1)
    return model.browse(), model.browse(2**31 - 1), present.with_env(model.env)


@tagged("post_install", "-at_install")
class TestPublicMethods(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Some methods ask a gateway or a provider: nobody answers.
        silence = patch.object(outgoing, "call", side_effect=outgoing.CallError("test"))
        cls.enterClassContext(silence)

    def test_methods_of_all_modules_are_found(self):
        found = {(model, method) for model, method, _value in find_methods(self.env)}
        for one in ("book", "swap", "find_slots", "get_board"):
            self.assertIn(("clinic.appointment", one), found)
        self.assertIn(("clinic.appointment.series", "book_series"), found)

    def test_both_doors_of_odoo_are_guarded(self):
        for door in (model, json2):
            self.assertTrue(door.get_public_method.clinic_guarded)

    @mute_logger("odoo.sql_db")
    def test_who_may_not_read_a_model_learns_nothing_but_that(self):
        faults = set()
        for records, method, arguments in self.walk("plain", "portal"):
            if not records.browse().has_access("read"):
                faults.add(
                    self.call(records, method, arguments, AccessError, "answered")
                )
        self.assert_none(faults)

    def test_rights_come_before_arguments_missing_ones_included(self):
        """Odoo's own methods too, as every role that lacks the right they ask for."""
        faults = set()
        for role in ("plain", "portal", "public", *ROLES):
            user = self.get_user(role)
            for name, method in find_all_methods(self.env):
                records = self.env[name].with_user(user)
                rights = get_rights(records, method)
                lacking = rights and not any(map(records.has_access, rights))
                if lacking and not is_open(records, method):
                    faults |= {self.knock(records, method, one) for one in KNOCKS}
        self.assert_none(faults)

    def knock(self, records, method, arguments):
        """What a client meets that is no refusal."""
        try:
            call_kw(records, method, arguments, {})
        except AccessError:
            return None
        except Exception as error:
            return f"{records._name}.{method}: {error!r:.120}"
        return f"{records._name}.{method}: let in"

    def test_a_right_is_asked_of_every_method_by_what_it_does(self):
        patients = self.env["clinic.patient"]
        for method, right in (
            ("create", "create"),
            ("write", "write"),
            ("action_archive", "write"),
            ("unlink", "unlink"),
            ("search_read", "read"),
            ("fields_get", "read"),
        ):
            self.assertEqual(get_rights(patients, method), (right,))
        self.assertFalse(get_rights(patients, "has_access"))
        self.assertFalse(get_rights(self.env["res.partner"], "write"))
        unknown = [one for one in RIGHTS if not hasattr(type(patients), one)]
        self.assertFalse(unknown)

    @mute_logger("odoo.sql_db")
    def test_everybody_is_answered_in_words(self):
        # Calls over the API are counted in a transaction that sees no user of a test.
        roles = ("plain", "portal", "system", *ROLES.keys() - {"booking_api"})
        self.assert_none(self.call(*call, UserError) for call in self.walk(*roles))

    @mute_logger("odoo.sql_db", "odoo.addons.clinic_base.tools.arguments")
    def test_odoos_own_methods_answer_in_words_too(self):
        """Domains, fields, values of wrong types; each method of each model once."""
        values, faults = cycle(HOSTILE + ODD), set()
        for name, method in find_all_methods(self.env):
            records = self.env[name]
            if is_ours(records, method) or records._abstract:
                continue
            function = getattr(type(records), method)
            count = len(inspect.signature(function).parameters) - 1
            records = records.with_user(self.get_user("system"))
            if not records.has_access("read"):
                records = records.sudo()
            arguments = list(islice(values, count))
            faults.add(self.call(records, method, arguments, UserError))
            next(values)
        self.assert_none(faults)

    @mute_logger("odoo.sql_db", "odoo.addons.clinic_base.tools.arguments")
    def test_every_model_is_read_without_a_list_of_fields_or_refused_in_words(self):
        faults = set()
        for role in ("system", "owner"):
            user = self.get_user(role)
            for name in self.env.registry:
                records = self.env[name].with_user(user)
                faults.add(
                    self.call(records, "search_read", [[], None, 0, 1], UserError)
                )
        self.assert_none(faults)

    def walk(self, *roles):
        """(records, method, arguments) of each call that is tried."""
        for name, method, function in find_methods(self.env):
            for role in roles:
                for records in get_records(
                    self.env[name].with_user(self.get_user(role))
                ):
                    for arguments in make_arguments(function):
                        yield records, method, arguments

    def call(self, records, method, arguments, refusal, answered=None):
        """What a client meets that is no ``refusal``; ``answered`` for a result."""
        fault = answered
        if not getattr(getattr(type(records), method), "_api_model", False):
            arguments = [records.ids, *arguments]
        try:
            with self.env.cr.savepoint() as undo:
                call_kw(records.browse(), method, arguments, {})
                undo.rollback()
        except refusal:
            return None
        except Exception as error:
            # Odoo itself answers a constraint of the database in words.
            known = isinstance(error, IntegrityError) or is_impossible(error)
            if refusal is UserError and known:
                return None
            fault = f"{error!r:.120}"
        return fault and f"{records._name}.{method}: {fault}"

    def assert_none(self, faults):
        found = sorted({fault for fault in faults if fault})
        self.assertFalse(found, "\n".join(found))
