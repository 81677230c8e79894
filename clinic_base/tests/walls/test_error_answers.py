from unittest.mock import patch

from odoo import api
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import config, mute_logger

SECRET = "/srv/secret/path: SELECT password"


@api.model
def fail(self, domain, limit=None):
    raise OSError(SECRET)


@tagged("post_install", "-at_install")
class TestErrorAnswers(HttpCase):
    """Errors that nobody has foreseen tell a client nothing of the server."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, login="caller", password="caller_caller")
        keys = cls.env["res.users.apikeys"].with_user(cls.user).sudo()
        cls.key = keys._generate("rpc", "test", None)
        cls.env.flush_all()

    def _ask(self, method, ids=None, model="res.partner", **kwargs):
        """Answers of JSON-2 and JSON-RPC to the same wrong call, as texts."""
        json2 = self.url_open(
            f"/json/2/{model}/{method}",
            json={**kwargs, "ids": ids} if ids else kwargs,
            headers={"Authorization": f"bearer {self.key}"},
            method="POST",
        )
        self.assertGreaterEqual(json2.status_code, 400)
        self.authenticate("caller", "caller_caller")
        params = {"model": model, "method": method, "kwargs": kwargs}
        rpc = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={"jsonrpc": "2.0", "params": {**params, "args": [ids] if ids else []}},
            method="POST",
        )
        self.assertIn("error", rpc.json())
        return json2.text, rpc.text

    def assertDiscreet(self, answer):
        for telling in ("Traceback", "File ", ".py", "odoo/addons", "/srv", "SELECT"):
            self.assertNotIn(telling, answer)

    @mute_logger("odoo.http")
    def test_an_unforeseen_error_is_told_without_its_text(self):
        with patch.object(type(self.env["res.partner"]), "search_count", fail):
            for answer in self._ask("search_count", domain=[]):
                self.assertDiscreet(answer)
                self.assertNotIn("OSError", answer)
                self.assertIn("unexpected error", answer)

    @mute_logger("odoo.http")
    def test_an_error_for_the_user_keeps_its_text_alone(self):
        for answer in self._ask("search_count", domain=[["no_such_field", "=", 1]]):
            self.assertDiscreet(answer)
        for answer in self._ask("write", ids=[1], vals={"name": "x"}):
            self.assertDiscreet(answer)
            self.assertIn("odoo.exceptions.AccessError", answer)

    @mute_logger("odoo.http")
    def test_a_server_in_development_tells_everything(self):
        with (
            patch.dict(config.options, {"dev_mode": ["werkzeug"]}),
            patch.object(type(self.env["res.partner"]), "search_count", fail),
        ):
            for answer in self._ask("search_count", domain=[]):
                self.assertIn("Traceback", answer)

    @mute_logger("odoo.http", "odoo.addons.clinic_base.tools.arguments")
    def test_a_call_that_is_not_understood_names_no_types(self):
        role = self.env.ref("clinic_base.group_registrar")
        self.user.group_ids += role
        self.env.flush_all()
        for method, wrong in (
            ("search", {"domain": [["no_such_field", "=", 1]]}),
            ("search", {"domain": 5}),
            ("search_read", {"domain": [], "limit": ["x"]}),
            ("create", {"vals_list": [None]}),
            ("name_search", {"operator": 5}),
            ("read_group", {"domain": [], "fields": ["x:y"], "groupby": 5}),
        ):
            for answer in self._ask(method, model="clinic.patient", **wrong):
                self.assertDiscreet(answer)
                self.assertIn("UserError", answer)
                self.assertIn("was not understood", answer)
